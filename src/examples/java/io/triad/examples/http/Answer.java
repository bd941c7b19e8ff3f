package io.triad.examples.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a request is answered with.
 *
 * @param status the code
 * @param fields header fields, without those that belong to the connection or the length
 * @param content the body
 */
record Answer(int status, Map<String, String> fields, Content content) implements AutoCloseable {
  /** A body of known length. */
  sealed interface Content {
    /** How many bytes. */
    long length();
  }

  /** A body in memory. */
  record Bytes(ByteBuffer bytes) implements Content {
    @Override
    public long length() {
      return bytes.remaining();
    }
  }

  /** A part of a file, which was opened for this answer. */
  record FilePart(FileChannel file, long position, long length) implements Content {}

  static Answer ofText(int status, String text) {
    return ofText(status, text, Map.of());
  }

  static Answer ofText(int status, String text, Map<String, String> more) {
    Map<String, String> fields = new LinkedHashMap<>(more);
    fields.put("Content-Type", "text/plain; charset=utf-8");
    return new Answer(status, fields, new Bytes(ByteBuffer.wrap(text.getBytes(UTF_8))));
  }

  @Override
  public void close() throws IOException {
    if (content instanceof FilePart part) {
      part.file.close();
    }
  }
}
