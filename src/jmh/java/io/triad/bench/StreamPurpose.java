package io.triad.bench;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What the stream servers have in common: the first byte of a connection says what it is for.
 * {@code ci/bench/stream-server.c} is the same in C.
 */
final class StreamPurpose {
  /** Read to the end, and answer with the number of bytes as a {@code long}. */
  static final byte IN = 'I';

  /** Write the pattern until the client goes away. */
  static final byte OUT = 'O';

  /** Send the file; each further byte asks for it again. */
  static final byte FILE = 'F';

  /** How much is read or written at once. */
  static final int CHUNK_BYTES = 64 * 1024;

  private StreamPurpose() {}

  /** A direct buffer of the bytes that {@link #OUT} sends, the same as in {@code pattern.h}. */
  static ByteBuffer pattern() {
    ByteBuffer pattern = ByteBuffer.allocateDirect(CHUNK_BYTES);
    for (int i = 0; i < CHUNK_BYTES; i++) {
      pattern.put((byte) (i * 31 + (i >> 8) * 17));
    }
    return pattern.flip();
  }

  /** Whether the failure only says that the client has gone away; the JDK has no type for it. */
  static boolean meansGone(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("Broken pipe") || message.contains("Connection reset");
  }
}
