package io.triad.examples.http;

import io.triad.thread.Threads;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.ByteRange;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.MimeTypes;
import org.jspecify.annotations.Nullable;

/** What there is to be had: a greeting, an echo, files. */
final class Site {
  private static final Set<String> READING = Set.of("GET", "HEAD");
  private static final Set<String> KNOWN =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH");

  /** One range, as RFC 9110 section 14.1.2 writes it. Who asks for several gets the whole file. */
  private static final Pattern ONE_RANGE = Pattern.compile("bytes=(\\d+-\\d*|-\\d+)");

  private final @Nullable Path root;

  /** Serves the files below a folder, whose real path this is, or none. */
  Site(@Nullable Path root) {
    this.root = root;
  }

  /** Answers a request. The answer may hold a file, and is to be closed. */
  Answer answer(HttpRequest request) throws IOException {
    String path = path(request);
    if (path == null) {
      return Answer.ofText(400, "this is no path\n");
    } else if (!KNOWN.contains(request.method())) {
      return Answer.ofText(501, "never heard of " + request.method() + "\n");
    } else if (path.equals("/echo")) {
      return request.method().equals("POST")
          ? new Answer(200, Map.of(), new Answer.Bytes(request.body()))
          : notAllowed("POST");
    } else if (!READING.contains(request.method())) {
      return notAllowed("GET, HEAD");
    } else if (path.equals("/hello")) {
      return Answer.ofText(200, "Hello, world!\n");
    } else if (root == null) {
      return Answer.ofText(404, "nothing here\n");
    }
    return Threads.toThread(() -> file(root, path, request)); // opening a file may block
  }

  private static Answer notAllowed(String allowed) {
    return Answer.ofText(405, "only " + allowed + "\n", Map.of("Allow", allowed));
  }

  /**
   * The decoded path; null if the target is none, goes above the root, or could be understood in two
   * ways ({@code %2F}, {@code //}, characters that are not UTF-8).
   */
  private static @Nullable String path(HttpRequest request) {
    try {
      HttpURI uri = HttpURI.from(request.method(), request.target());
      String path = uri.hasViolations() ? null : uri.getDecodedPath();
      return path == null || !path.startsWith("/") ? null : path;
    } catch (RuntimeException notUnderstood) { // that is how HttpURI says so
      return null;
    }
  }

  /** Opens a file. Neither dots nor symbolic links lead out of the root. */
  private static Answer file(Path root, String path, HttpRequest request) throws IOException {
    try {
      Path wanted = root.resolve(path.substring(1)).normalize();
      if (wanted.startsWith(root)) {
        Path real = wanted.toRealPath();
        Path file = Files.isDirectory(real) ? real.resolve("index.html").toRealPath() : real;
        if (file.startsWith(root) && Files.isRegularFile(file)) {
          return part(file, request);
        }
      }
    } catch (NoSuchFileException
        | NotDirectoryException
        | AccessDeniedException
        | InvalidPathException notToBeHad) {
      // Whoever may not have a file need not know whether it exists.
    }
    return Answer.ofText(404, "nothing here\n");
  }

  private static Answer part(Path file, HttpRequest request) throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    String type = MimeTypes.DEFAULTS.getMimeByExtension(file.toString());
    fields.put("Content-Type", type == null ? "application/octet-stream" : type);
    fields.put("Accept-Ranges", "bytes");
    String range = request.fields().get(HttpHeader.RANGE);
    FileChannel channel = FileChannel.open(file);
    try {
      long size = channel.size();
      if (range == null || !ONE_RANGE.matcher(range).matches()) {
        return new Answer(200, fields, new Answer.FilePart(channel, 0, size));
      }
      List<ByteRange> ranges = ByteRange.parse(List.of(range), size);
      if (ranges.isEmpty()) {
        channel.close();
        fields.put("Content-Range", ByteRange.toNonSatisfiableHeaderValue(size));
        return Answer.ofText(416, "the file is shorter\n", fields);
      }
      ByteRange only = ranges.getFirst();
      fields.put("Content-Range", only.toHeaderValue(size));
      return new Answer(
          206, fields, new Answer.FilePart(channel, only.first(), only.getLength()));
    } catch (Throwable e) {
      channel.close();
      throw e;
    }
  }
}
