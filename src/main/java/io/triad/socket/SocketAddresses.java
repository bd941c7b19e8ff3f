package io.triad.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.triad.OsException;
import io.triad.descriptor.Errors;
import io.triad.engine.NativeAddress;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Addresses between the forms of Java and of the system. */
final class SocketAddresses {
  /** In which the JDK itself writes file names. */
  private static final Charset FILE_NAMES =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"), StandardCharsets.UTF_8);

  private SocketAddresses() {}

  /**
   * Writes an address in the system's form.
   *
   * @throws OsException with ENAMETOOLONG for a path or name that does not fit
   * @throws IllegalArgumentException for another kind of address, or one that is not resolved
   */
  static void encode(SocketRun run, SocketAddress address, NativeAddress to) throws OsException {
    to.setLength(0);
    switch (address) {
      case InetSocketAddress inet -> {
        if (inet.isUnresolved()) {
          throw new IllegalArgumentException("this address is not resolved: " + inet);
        }
        to.setLength(run.platform.encode(inet, to.memory()));
      }
      case UnixDomainSocketAddress unix -> encodeUnix(run, bytesOf(unix), unix, to);
      case AbstractUnixAddress named -> {
        byte[] name = named.name();
        byte[] bytes = new byte[name.length + 1];
        System.arraycopy(name, 0, bytes, 1, name.length);
        encodeUnix(run, bytes, named, to);
      }
      case RawSocketAddress raw -> to.set(raw.bytes());
      default ->
          throw new IllegalArgumentException(
              "not an address that a socket has: " + address.getClass().getName());
    }
  }

  private static void encodeUnix(
      SocketRun run, byte[] bytes, SocketAddress address, NativeAddress to) throws OsException {
    int length = run.platform.encodeUnix(bytes, to.memory());
    if (length < 0) {
      throw Errors.of(run.platform, length, "address " + address);
    }
    to.setLength(length);
  }

  private static byte[] bytesOf(UnixDomainSocketAddress address) {
    try {
      ByteBuffer bytes =
          FILE_NAMES.newEncoder().encode(CharBuffer.wrap(address.getPath().toString()));
      byte[] array = new byte[bytes.remaining()];
      bytes.get(array);
      return array;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "the path has characters that " + FILE_NAMES + " has not: " + address, e);
    }
  }

  /** Reads an address; null if there is none. */
  static @Nullable SocketAddress decode(SocketRun run, MemorySegment from, int length) {
    if (length == 0) {
      return null;
    }
    int family = run.platform.family(from);
    if (family == run.inet || family == run.inet6) {
      return run.platform.decode(from, length);
    }
    if (family == run.unix) {
      byte[] name = run.platform.decodeUnix(from, length);
      if (name.length > 0 && name[0] == 0) {
        return AbstractUnixAddress.of(Arrays.copyOfRange(name, 1, name.length));
      }
      UnixDomainSocketAddress path = path(name);
      if (path != null) {
        return path;
      }
    }
    return RawSocketAddress.of(from.asSlice(0, length).toArray(JAVA_BYTE));
  }

  /** A path, unless the name of the file is none in Java. */
  private static @Nullable UnixDomainSocketAddress path(byte[] name) {
    try {
      UnixDomainSocketAddress path =
          UnixDomainSocketAddress.of(
              FILE_NAMES.newDecoder().decode(ByteBuffer.wrap(name)).toString());
      return Arrays.equals(bytesOf(path), name) ? path : null;
    } catch (CharacterCodingException | InvalidPathException e) {
      return null;
    }
  }

  // ---- text ----

  /** How Python writes an address, and with it Trio's messages (SOCK-63). */
  static String tuple(SocketAddress address) {
    return switch (address) {
      case InetSocketAddress inet -> {
        InetAddress host = inet.getAddress();
        String start = "('" + (host == null ? inet.getHostString() : numeric(host)) + "', ";
        int scope = host instanceof Inet6Address ipv6 ? ipv6.getScopeId() : 0;
        yield start + inet.getPort() + (scope == 0 ? ")" : ", 0, " + scope + ")");
      }
      case UnixDomainSocketAddress unix -> "'" + unix.getPath() + "'";
      default -> "'" + address + "'";
    };
  }

  /** An address in numbers, IPv6 as RFC 5952 wants it: the longest run of zeros left out. */
  private static String numeric(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address.getHostAddress();
    }
    byte[] bytes = address.getAddress();
    int[] groups = new int[8];
    int start = -1;
    int longest = 1;
    for (int i = 0, zeros = 0; i < groups.length; i++) {
      groups[i] = Byte.toUnsignedInt(bytes[2 * i]) * 256 + Byte.toUnsignedInt(bytes[2 * i + 1]);
      zeros = groups[i] == 0 ? zeros + 1 : 0;
      if (zeros > longest) {
        longest = zeros;
        start = i + 1 - zeros;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < groups.length; i++) {
      if (i == start) {
        text.append("::");
        i += longest - 1;
      } else {
        text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
            .append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }
}
