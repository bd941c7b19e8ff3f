package io.triad.platform.macos.emulated;

import io.triad.platform.linux.ffi.Linux;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The options of sockets by Darwin's numbers, and what Linux has for each. */
final class OptionTable {
  /** How an option is translated. */
  enum Kind {
    /** The same value. */
    PLAIN,
    /** A flag, which Darwin answers by its bit. */
    BIT,
    /** TCP_NODELAY, answered by another bit. */
    NO_DELAY,
    /** A size, which Linux doubles. */
    BUFFER,
    /** struct linger, in hundredths of a second. */
    LINGER_TICKS,
    /** struct timeval, whose microseconds have 32 bits. */
    TIME,
    /** SO_NOSIGPIPE. */
    NO_SIGNAL,
    /** Linux has nothing like it; the value is kept. */
    REMEMBERED,
    /** To be read only. */
    READ_ONLY,
    /** A count by ioctl(2). */
    COUNT,
    /** SO_ERROR. */
    ERROR,
    /** Whether datagrams are not to be cut into fragments. */
    NO_FRAGMENTS,
    /** struct ip_mreq_source. */
    SOURCE,
    /** struct group_req. */
    GROUP,
    /** struct group_source_req. */
    GROUP_SOURCE
  }

  /** What Linux has. */
  record Option(Kind kind, int linuxLevel, int linuxName) {
    /** What a value must have to be understood. */
    int minBytes() {
      return switch (kind) {
        case PLAIN -> 0;
        case LINGER_TICKS -> 8;
        case TIME -> 16;
        case SOURCE -> 12;
        case GROUP -> 132;
        case GROUP_SOURCE -> 260;
        default -> Integer.BYTES;
      };
    }
  }

  private static final int SOL_SOCKET = 0xffff;
  private static final int IP = 0;
  private static final int TCP = 6;
  private static final int IPV6 = 41;

  private static final Map<Long, Option> OPTIONS = new HashMap<>();

  static {
    bit(0x0001, Linux.SO_DEBUG());
    socket(0x0002, Kind.BIT, Linux.SO_ACCEPTCONN());
    bit(0x0004, Linux.SO_REUSEADDR());
    bit(0x0008, Linux.SO_KEEPALIVE());
    bit(0x0010, Linux.SO_DONTROUTE());
    bit(0x0020, Linux.SO_BROADCAST());
    socket(0x0080, Kind.LINGER_TICKS, Linux.SO_LINGER());
    bit(0x0100, Linux.SO_OOBINLINE());
    bit(0x0200, Linux.SO_REUSEPORT());
    bit(0x0400, Linux.SO_TIMESTAMP());
    socket(0x1001, Kind.BUFFER, Linux.SO_SNDBUF());
    socket(0x1002, Kind.BUFFER, Linux.SO_RCVBUF());
    socket(0x1003, Kind.REMEMBERED, 0); // SO_SNDLOWAT
    socket(0x1004, Kind.PLAIN, Linux.SO_RCVLOWAT());
    socket(0x1005, Kind.TIME, Linux.SO_SNDTIMEO());
    socket(0x1006, Kind.TIME, Linux.SO_RCVTIMEO());
    socket(0x1007, Kind.ERROR, Linux.SO_ERROR());
    socket(0x1008, Kind.READ_ONLY, Linux.SO_TYPE());
    socket(0x1020, Kind.COUNT, LinuxNumbers.FIONREAD); // SO_NREAD
    socket(0x1022, Kind.NO_SIGNAL, 0); // SO_NOSIGPIPE
    socket(0x1024, Kind.COUNT, LinuxNumbers.SIOCOUTQ); // SO_NWRITE
    socket(0x1025, Kind.REMEMBERED, 0); // SO_REUSESHAREUID
    socket(0x1080, Kind.PLAIN, Linux.SO_LINGER()); // SO_LINGER_SEC
    socket(0x1082, Kind.REMEMBERED, 0); // SO_RANDOMPORT

    add(TCP, 0x001, Kind.NO_DELAY, Linux.TCP_NODELAY());
    add(TCP, 0x002, Kind.PLAIN, Linux.TCP_MAXSEG());
    add(TCP, 0x004, Kind.PLAIN, Linux.TCP_CORK()); // TCP_NOPUSH
    add(TCP, 0x008, Kind.REMEMBERED, 0); // TCP_NOOPT
    add(TCP, 0x010, Kind.PLAIN, Linux.TCP_KEEPIDLE()); // TCP_KEEPALIVE
    add(TCP, 0x020, Kind.REMEMBERED, 0); // TCP_CONNECTIONTIMEOUT
    add(TCP, 0x080, Kind.REMEMBERED, 0); // TCP_RXT_CONNDROPTIME
    add(TCP, 0x100, Kind.REMEMBERED, 0); // TCP_RXT_FINDROP
    add(TCP, 0x101, Kind.PLAIN, Linux.TCP_KEEPINTVL());
    add(TCP, 0x102, Kind.PLAIN, Linux.TCP_KEEPCNT());
    add(TCP, 0x103, Kind.REMEMBERED, 0); // TCP_SENDMOREACKS
    add(TCP, 0x104, Kind.REMEMBERED, 0); // TCP_ENABLE_ECN
    add(TCP, 0x105, Kind.PLAIN, Linux.TCP_FASTOPEN());
    add(TCP, 0x201, Kind.PLAIN, Linux.TCP_NOTSENT_LOWAT());

    add(IP, 1, Kind.PLAIN, Linux.IP_OPTIONS());
    add(IP, 2, Kind.PLAIN, Linux.IP_HDRINCL());
    add(IP, 3, Kind.PLAIN, Linux.IP_TOS());
    add(IP, 4, Kind.PLAIN, Linux.IP_TTL());
    add(IP, 5, Kind.PLAIN, Linux.IP_RECVOPTS());
    add(IP, 9, Kind.PLAIN, Linux.IP_MULTICAST_IF());
    add(IP, 10, Kind.PLAIN, Linux.IP_MULTICAST_TTL());
    add(IP, 11, Kind.PLAIN, Linux.IP_MULTICAST_LOOP());
    add(IP, 12, Kind.PLAIN, Linux.IP_ADD_MEMBERSHIP());
    add(IP, 13, Kind.PLAIN, Linux.IP_DROP_MEMBERSHIP());
    add(IP, 24, Kind.PLAIN, Linux.IP_RECVTTL());
    add(IP, 26, Kind.PLAIN, Linux.IP_PKTINFO());
    add(IP, 27, Kind.PLAIN, Linux.IP_RECVTOS());
    add(IP, 28, Kind.NO_FRAGMENTS, Linux.IP_MTU_DISCOVER()); // IP_DONTFRAG
    add(IP, 70, Kind.SOURCE, Linux.IP_ADD_SOURCE_MEMBERSHIP());
    add(IP, 71, Kind.SOURCE, Linux.IP_DROP_SOURCE_MEMBERSHIP());
    add(IP, 72, Kind.SOURCE, Linux.IP_BLOCK_SOURCE());
    add(IP, 73, Kind.SOURCE, Linux.IP_UNBLOCK_SOURCE());

    add(IPV6, 4, Kind.PLAIN, Linux.IPV6_UNICAST_HOPS());
    add(IPV6, 9, Kind.PLAIN, Linux.IPV6_MULTICAST_IF());
    add(IPV6, 10, Kind.PLAIN, Linux.IPV6_MULTICAST_HOPS());
    add(IPV6, 11, Kind.PLAIN, Linux.IPV6_MULTICAST_LOOP());
    add(IPV6, 12, Kind.PLAIN, Linux.IPV6_JOIN_GROUP());
    add(IPV6, 13, Kind.PLAIN, Linux.IPV6_LEAVE_GROUP());
    add(IPV6, 27, Kind.PLAIN, Linux.IPV6_V6ONLY());
    add(IPV6, 35, Kind.PLAIN, Linux.IPV6_RECVTCLASS());
    add(IPV6, 36, Kind.PLAIN, Linux.IPV6_TCLASS());
    add(IPV6, 37, Kind.PLAIN, Linux.IPV6_RECVHOPLIMIT());
    add(IPV6, 61, Kind.PLAIN, Linux.IPV6_RECVPKTINFO());
    add(IPV6, 62, Kind.PLAIN, Linux.IPV6_DONTFRAG());

    final int linuxJoin = 42; // MCAST_JOIN_GROUP and those that follow
    for (int level : new int[] {IP, IPV6}) {
      add(level, 80, Kind.GROUP, linuxJoin);
      add(level, 81, Kind.GROUP, linuxJoin + 3); // leave
      add(level, 82, Kind.GROUP_SOURCE, linuxJoin + 4); // join source
      add(level, 83, Kind.GROUP_SOURCE, linuxJoin + 5); // leave source
      add(level, 84, Kind.GROUP_SOURCE, linuxJoin + 1); // block
      add(level, 85, Kind.GROUP_SOURCE, linuxJoin + 2); // unblock
    }
  }

  private OptionTable() {}

  private static void bit(int name, int linuxName) {
    socket(name, Kind.BIT, linuxName);
  }

  private static void socket(int name, Kind kind, int linuxName) {
    OPTIONS.put(key(SOL_SOCKET, name), new Option(kind, Linux.SOL_SOCKET(), linuxName));
  }

  private static void add(int level, int name, Kind kind, int linuxName) {
    OPTIONS.put(key(level, name), new Option(kind, level, linuxName));
  }

  private static long key(int level, int name) {
    return (long) level << 32 | name;
  }

  /** What Linux has for an option; null if Darwin has none with this number. */
  static @Nullable Option find(int level, int name) {
    return OPTIONS.get(key(level, name));
  }
}
