package io.triad.engine.simulated;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The name of a Unix socket; in memory as on Linux, unix(7).
 *
 * @param bytes a path; or a zero and an abstract name; or nothing. Each char is a byte
 */
record UnixName(String bytes) implements Address {
  static final int AF_UNIX = 1;
  static final UnixName UNNAMED = new UnixName("");

  private static final int NAME_AT = 2;
  private static final int NAME_BYTES = 108;

  boolean isAbstract() {
    return !bytes.isEmpty() && bytes.charAt(0) == 0;
  }

  boolean isPath() {
    return !bytes.isEmpty() && bytes.charAt(0) != 0;
  }

  /** Writes a name: a path ends with a zero, of the others the length says where they end. */
  static int encode(byte[] name, MemorySegment to) {
    boolean path = name.length > 0 && name[0] != 0;
    int length = name.length + (path ? 1 : 0);
    if (length > NAME_BYTES) {
      return Errno.ENAMETOOLONG.negated();
    }
    to.asSlice(0, NAME_AT + NAME_BYTES).fill((byte) 0);
    to.set(JAVA_SHORT, 0, (short) AF_UNIX);
    MemorySegment.copy(name, 0, to, JAVA_BYTE, NAME_AT, name.length);
    return NAME_AT + length;
  }

  int write(MemorySegment to) {
    return encode(bytes.getBytes(ISO_8859_1), to);
  }

  /** The bytes of a name in memory, without the zero that ends a path. */
  static byte[] decode(MemorySegment from, int length) {
    int count = Math.max(0, length - NAME_AT);
    if (count > 0 && from.get(JAVA_BYTE, NAME_AT) != 0) {
      int end = 0;
      while (end < count && from.get(JAVA_BYTE, NAME_AT + end) != 0) {
        end++;
      }
      count = end;
    }
    return from.asSlice(NAME_AT, count).toArray(JAVA_BYTE);
  }

  /** What is in memory; null if that is no address of a Unix socket. */
  static @Nullable UnixName read(MemorySegment from, int length) {
    if (length < NAME_AT
        || length > NAME_AT + NAME_BYTES
        || from.get(JAVA_SHORT, 0) != AF_UNIX) {
      return null;
    }
    return new UnixName(new String(decode(from, length), ISO_8859_1));
  }

  @Override
  public String toString() {
    return isAbstract() ? "@" + bytes.substring(1) : bytes.isEmpty() ? "a Unix socket" : bytes;
  }
}
