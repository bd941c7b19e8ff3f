package io.triad.examples.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * Turns bytes into requests, wherever the bytes are cut.
 *
 * <p>The parser is Jetty's. It takes buffers and gives events, so that it needs neither Jetty's
 * server nor its threads, and parses the memory that the kernel received into. Many years of attacks
 * have gone into it: in its strict mode it refuses what different servers have read differently, and
 * requests were smuggled with (RFC 9112 section 11.2): a length beside a transfer coding, two
 * lengths, folded lines, white space before a colon, bare line feeds, two hosts. Of the others,
 * Apache's HttpCore joins folded lines, and Netty's wants Netty's buffers and pipeline.
 */
final class RequestReader implements HttpParser.RequestHandler {
  private static final int MAX_HEAD_BYTES = 16 * 1024;
  private static final int MAX_BODY_BYTES = 1024 * 1024;
  private static final ByteBuffer NO_BODY = ByteBuffer.allocate(0);

  /** What of a request has been read. */
  enum Progress {
    NOTHING, PART_OF_HEAD, HEAD
  }

  private final HttpParser parser =
      new HttpParser(this, MAX_HEAD_BYTES, HttpCompliance.STRICT);
  private Progress progress = Progress.NOTHING;
  private String method = "";
  private String target = "";
  private HttpVersion version = HttpVersion.HTTP_1_1;
  private HttpFields.Mutable fields = HttpFields.build();
  private @Nullable ByteArrayOutputStream body;
  private boolean complete;
  private @Nullable RefusedException refusal;

  /**
   * Reads on.
   *
   * @param bytes what has arrived; consumed up to the end of the request
   * @return a request, or null if its end has not arrived yet
   * @throws RefusedException if these bytes are no request, or one that is too large
   */
  @Nullable HttpRequest next(ByteBuffer bytes) throws RefusedException {
    boolean more = bytes.hasRemaining();
    while (more && !complete) {
      int before = bytes.remaining();
      parser.parseNext(bytes); // returns early here and there; what it met, the fields below say
      if (refusal != null) {
        throw refusal;
      }
      more = bytes.hasRemaining() && bytes.remaining() < before;
    }
    if (!complete) {
      boolean begun = progress == Progress.NOTHING && !parser.isStart();
      progress = begun ? Progress.PART_OF_HEAD : progress;
      return null;
    }
    ByteBuffer whole = body == null ? NO_BODY : ByteBuffer.wrap(body.toByteArray());
    HttpRequest request = new HttpRequest(method, target, version, fields.asImmutable(), whole);
    parser.reset();
    progress = Progress.NOTHING;
    fields = HttpFields.build();
    body = null;
    complete = false;
    return request;
  }

  /** What of the next request has been read. */
  Progress progress() {
    return progress;
  }

  /** Whether the client waits to be told to go on, before it sends the body (RFC 9110, 10.1.1). */
  boolean awaitsContinue() {
    return progress == Progress.HEAD
        && body == null
        && fields.contains(HttpHeader.EXPECT, "100-continue");
  }

  // ---- events of the parser, which would take an exception for a bad request ----

  @Override
  public void startRequest(String newMethod, String newTarget, HttpVersion newVersion) {
    method = newMethod;
    target = newTarget;
    version = newVersion;
    if (newVersion != HttpVersion.HTTP_1_0 && newVersion != HttpVersion.HTTP_1_1) {
      refuse(505, "HTTP/1.1 is spoken here");
    }
  }

  @Override
  public void parsedHeader(HttpField field) {
    fields.add(field);
  }

  @Override
  public boolean headerComplete() {
    progress = Progress.HEAD;
    List<String> codings = fields.getCSV(HttpHeader.TRANSFER_ENCODING, false);
    if (!codings.isEmpty() && version == HttpVersion.HTTP_1_0) {
      refuse(400, "HTTP/1.0 has no transfer codings"); // RFC 9112 section 6.1
    } else if (codings.size() > 1) {
      refuse(501, "only chunks are understood"); // the parser has seen to it that they come last
    }
    if (parser.getContentLength() > MAX_BODY_BYTES) {
      refuse(413, "a body may have " + MAX_BODY_BYTES + " bytes");
    }
    return false;
  }

  @Override
  public boolean content(ByteBuffer piece) {
    if (body == null) {
      body = new ByteArrayOutputStream();
    }
    if (piece.remaining() > MAX_BODY_BYTES - body.size()) {
      refuse(413, "a body may have " + MAX_BODY_BYTES + " bytes");
      return true;
    }
    byte[] copy = new byte[piece.remaining()];
    piece.get(copy);
    body.writeBytes(copy);
    return false;
  }

  @Override
  public boolean contentComplete() {
    return false;
  }

  @Override
  public boolean messageComplete() {
    complete = true;
    return true;
  }

  @Override
  public void badMessage(HttpException failure) {
    String reason = failure.getReason();
    refuse(failure.getCode(), reason == null ? "not understood" : reason);
  }

  @Override
  public void earlyEOF() {
    refuse(400, "the body is malformed"); // the end of the stream itself is not told to the parser
  }

  private void refuse(int status, String why) {
    if (refusal == null) {
      refusal = new RefusedException(status, why);
    }
  }
}
