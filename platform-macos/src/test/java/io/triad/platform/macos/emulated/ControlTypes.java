package io.triad.platform.macos.emulated;

import io.triad.platform.linux.ffi.Linux;
import java.util.Arrays;
import java.util.List;

/** The kinds of control messages that both systems have: cmsg(3), ip(4), ip6(4). */
final class ControlTypes {
  /** What a control message is. */
  record Type(int level, int type) {}

  private record Pair(Type darwin, Type linux) {}

  private static final int SOL_SOCKET = 0xffff;
  private static final int IPPROTO_IP = 0;
  private static final int IPPROTO_IPV6 = 41;

  /** Descriptors. */
  static final Type RIGHTS = new Type(SOL_SOCKET, 1);

  private static final Type TTL = new Type(IPPROTO_IP, 24);
  private static final Type TIMESTAMP = new Type(SOL_SOCKET, 2);

  private static final List<Pair> PAIRS =
      List.of(
          new Pair(RIGHTS, new Type(Linux.SOL_SOCKET(), Linux.SCM_RIGHTS())),
          new Pair(TIMESTAMP, new Type(Linux.SOL_SOCKET(), Linux.SO_TIMESTAMP())),
          new Pair(new Type(IPPROTO_IP, 26), new Type(IPPROTO_IP, Linux.IP_PKTINFO())),
          new Pair(TTL, new Type(IPPROTO_IP, Linux.IP_TTL())),
          new Pair(new Type(IPPROTO_IP, 27), new Type(IPPROTO_IP, Linux.IP_TOS())),
          new Pair(new Type(IPPROTO_IP, 3), new Type(IPPROTO_IP, Linux.IP_TOS())),
          new Pair(new Type(IPPROTO_IPV6, 46), new Type(IPPROTO_IPV6, Linux.IPV6_PKTINFO())),
          new Pair(new Type(IPPROTO_IPV6, 47), new Type(IPPROTO_IPV6, Linux.IPV6_HOPLIMIT())),
          new Pair(new Type(IPPROTO_IPV6, 36), new Type(IPPROTO_IPV6, Linux.IPV6_TCLASS())));

  private ControlTypes() {}

  static Type linux(int level, int type) {
    Type wanted = new Type(level, type);
    for (Pair pair : PAIRS) {
      if (pair.darwin.equals(wanted)) {
        return pair.linux;
      }
    }
    return new Type(level, type); // Linux is to refuse it
  }

  static Type darwin(int level, int type) {
    Type wanted = new Type(level, type);
    for (Pair pair : PAIRS) {
      if (pair.linux.equals(wanted)) {
        return pair.darwin;
      }
    }
    throw new AssertionError("a control message that Darwin does not know: " + wanted);
  }

  /** The content as Darwin has it: one byte for a TTL, where Linux has an int. */
  static byte[] toDarwin(Type type, byte[] content) {
    return type.equals(TTL) ? Arrays.copyOf(content, 1) : content;
  }
}
