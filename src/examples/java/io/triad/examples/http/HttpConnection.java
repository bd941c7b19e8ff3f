package io.triad.examples.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.triad.CancelScope;
import io.triad.Triad;
import io.triad.net.SocketStream;
import io.triad.stream.Chunk;
import io.triad.stream.ChunkAction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.eclipse.jetty.http.DateGenerator;
import org.eclipse.jetty.http.HttpStatus;

/**
 * A connection: reads requests and answers them in their order, also those that the client sends
 * without waiting for answers.
 *
 * <p>Requests are parsed where the kernel has put them, and one chunk's worth of small answers leaves
 * in one piece. A connection that is idle holds this object and a small buffer.
 *
 * <p>How long a client may take is one scope with a deadline that is moved as the connection goes
 * from one phase to the next. A head that arrives a byte at a time does not move it.
 */
final class HttpConnection {
  private static final int OUTPUT_BYTES = 4096;
  private static final int FILE_PIECE_BYTES = 1024 * 1024;
  private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1);

  /** What the connection waits for. */
  private enum Phase {
    REQUEST, HEAD, BODY, ANSWER
  }

  private final SocketStream stream;
  private final Site site;
  private final Duration patience;
  private final CancelScope scope = new CancelScope();
  private final RequestReader reader = new RequestReader();
  private final ByteBuffer output = ByteBuffer.allocate(OUTPUT_BYTES);
  private Phase phase = Phase.REQUEST;
  private boolean closing;

  HttpConnection(SocketStream stream, Site site, Duration patience) {
    this.stream = stream;
    this.site = site;
    this.patience = patience;
  }

  /** Serves it to its end. */
  void serve() {
    try {
      ChunkAction<IOException> feed = this::feed;
      enter(Phase.REQUEST);
      scope.enter(
          _ -> {
            while (!closing && stream.receive(feed)) {}
          });
      if (scope.cancelledCaught()) {
        if (phase != Phase.HEAD && phase != Phase.BODY) {
          return;
        }
        Triad.moveOnAfter(patience, _ -> refuse(408, "too slow"));
      }
      if (closing) {
        sayGoodbye();
      }
    } catch (IOException e) {
      System.err.println("a connection broke: " + e.getMessage()); // the others go on
    }
  }

  /** Answers the requests that end in a chunk. */
  private void feed(Chunk chunk) throws IOException {
    ByteBuffer bytes = chunk.buffer();
    try {
      for (HttpRequest request; !closing && (request = reader.next(bytes)) != null;) {
        enter(Phase.ANSWER);
        closing = !request.keepsAlive();
        try (Answer answer = site.answer(request)) {
          send(answer, request.method().equals("HEAD"));
        }
      }
      if (reader.awaitsContinue() && phase != Phase.BODY) {
        put(CONTINUE);
      }
    } catch (RefusedException e) {
      refuse(e.status(), e.why());
    }
    flush();
    Phase next =
        switch (reader.progress()) {
          case NOTHING -> Phase.REQUEST;
          case PART_OF_HEAD -> Phase.HEAD;
          case HEAD -> Phase.BODY;
        };
    if (next != phase) {
      enter(next);
    }
  }

  /** Gives the client time for what is to come. */
  private void enter(Phase next) {
    phase = next;
    scope.setTimeout(next == Phase.REQUEST ? patience.multipliedBy(6) : patience);
  }

  // ---- answers ----

  private void refuse(int status, String why) throws IOException {
    closing = true;
    send(Answer.ofText(status, why + "\n"), false);
    flush();
  }

  private void send(Answer answer, boolean headOnly) throws IOException {
    StringBuilder head = new StringBuilder(256);
    head.append("HTTP/1.1 ").append(answer.status()).append(' ');
    head.append(HttpStatus.getMessage(answer.status())).append("\r\n");
    head.append("Date: ").append(DateGenerator.formatDate(Instant.now())).append("\r\n");
    answer.fields()
        .forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("Content-Length: ").append(answer.content().length()).append("\r\n");
    head.append(closing ? "Connection: close\r\n\r\n" : "\r\n");
    put(head.toString().getBytes(ISO_8859_1));
    if (!headOnly) {
      switch (answer.content()) {
        case Answer.Bytes(ByteBuffer bytes) -> put(bytes);
        case Answer.FilePart part -> sendFile(part);
      }
    }
  }

  private void put(byte[] bytes) throws IOException {
    put(ByteBuffer.wrap(bytes));
  }

  /** Sends bytes, now or together with what follows. */
  private void put(ByteBuffer bytes) throws IOException {
    if (bytes.remaining() <= output.remaining()) {
      output.put(bytes);
    } else {
      stream.sendAll(List.of(output.flip(), bytes)); // in one system call
      output.clear();
    }
  }

  private void flush() throws IOException {
    if (output.position() > 0) {
      stream.sendAll(output.flip());
      output.clear();
    }
  }

  /** Sends a part of a file. A client that takes too long for a piece of it is given up. */
  private void sendFile(Answer.FilePart part) throws IOException {
    flush();
    long end = part.position() + part.length();
    for (long position = part.position(); position < end; position += FILE_PIECE_BYTES) {
      enter(Phase.ANSWER);
      long count = Math.min(FILE_PIECE_BYTES, end - position);
      if (stream.sendFile(part.file(), position, count) < count) {
        throw new IOException("a file became shorter while it was sent");
      }
    }
  }

  /**
   * Closes without cutting off the last answer: a socket that is closed while bytes of the client are
   * unread resets the connection, and the client may never see what was sent (RFC 9112 section 9.6).
   */
  private void sayGoodbye() throws IOException {
    stream.sendEof();
    Triad.moveOnAfter(patience, _ -> stream.forEachChunk(_ -> {}));
  }
}
