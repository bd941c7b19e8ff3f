package io.triad.platform.macos.emulated;

import java.util.HashMap;
import java.util.Map;

/** Error numbers of Linux, and what Darwin calls the same: errno(3), intro(2). */
final class Errors {
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int ESRCH = 3;
  static final int EINTR = 4;
  static final int EBADF = 9;
  static final int EINVAL = 22;
  static final int EMFILE = 24;
  static final int ENOTTY = 25;
  static final int EPIPE = 32;
  static final int EAGAIN = 35;
  static final int EINPROGRESS = 36;
  static final int EALREADY = 37;
  static final int ENOTSOCK = 38;
  static final int EMSGSIZE = 40;
  static final int ENOPROTOOPT = 42;
  static final int EPROTONOSUPPORT = 43;
  static final int ENOTSUP = 45;
  static final int EAFNOSUPPORT = 47;
  static final int ECONNRESET = 54;
  static final int ENOBUFS = 55;
  static final int EISCONN = 56;
  static final int ENOTCONN = 57;
  static final int ETIMEDOUT = 60;
  static final int ECONNREFUSED = 61;
  static final int ENAMETOOLONG = 63;
  static final int EOPNOTSUPP = 102;

  /** Up to here both agree, but for one: EAGAIN of Linux is EDEADLK of Darwin. */
  private static final int LAST_OF_OLD = 34;

  private static final int LINUX_EAGAIN = 11;

  /** The two numbers of each of the others, Linux's first. */
  private static final int[][] PAIRS = {
    {LINUX_EAGAIN, EAGAIN},
    {35, 11}, // EDEADLK
    {36, ENAMETOOLONG},
    {37, 77}, // ENOLCK
    {38, 78}, // ENOSYS
    {39, 66}, // ENOTEMPTY
    {40, 62}, // ELOOP
    {42, 91}, // ENOMSG
    {43, 90}, // EIDRM
    {61, 96}, // ENODATA
    {62, 101}, // ETIME
    {67, 97}, // ENOLINK
    {71, 100}, // EPROTO
    {72, 95}, // EMULTIHOP
    {74, 94}, // EBADMSG
    {75, 84}, // EOVERFLOW
    {84, 92}, // EILSEQ
    {87, 68}, // EUSERS
    {88, ENOTSOCK},
    {89, 39}, // EDESTADDRREQ
    {90, EMSGSIZE},
    {91, 41}, // EPROTOTYPE
    {92, ENOPROTOOPT},
    {93, EPROTONOSUPPORT},
    {94, 44}, // ESOCKTNOSUPPORT
    {95, EOPNOTSUPP},
    {96, 46}, // EPFNOSUPPORT
    {97, EAFNOSUPPORT},
    {98, 48}, // EADDRINUSE
    {99, 49}, // EADDRNOTAVAIL
    {100, 50}, // ENETDOWN
    {101, 51}, // ENETUNREACH
    {102, 52}, // ENETRESET
    {103, 53}, // ECONNABORTED
    {104, ECONNRESET},
    {105, ENOBUFS},
    {106, EISCONN},
    {107, ENOTCONN},
    {108, 58}, // ESHUTDOWN
    {109, 59}, // ETOOMANYREFS
    {110, ETIMEDOUT},
    {111, ECONNREFUSED},
    {112, 64}, // EHOSTDOWN
    {113, 65}, // EHOSTUNREACH
    {114, EALREADY},
    {115, EINPROGRESS},
    {116, 70}, // ESTALE
    {122, 69}, // EDQUOT
    {125, 89}, // ECANCELED
    {130, 105}, // EOWNERDEAD
    {131, 104}, // ENOTRECOVERABLE
  };

  private static final Map<Integer, Integer> TO_DARWIN = new HashMap<>();
  private static final Map<Integer, Integer> TO_LINUX = new HashMap<>();

  static {
    for (int same = 0; same <= LAST_OF_OLD; same++) {
      if (same != LINUX_EAGAIN) {
        TO_DARWIN.put(same, same);
        TO_LINUX.put(same, same);
      }
    }
    for (int[] pair : PAIRS) {
      TO_DARWIN.put(pair[0], pair[1]);
      TO_LINUX.put(pair[1], pair[0]);
    }
    TO_LINUX.put(ENOTSUP, 95);
  }

  private Errors() {}

  /** Darwin's number for one of Linux. */
  static int darwin(int linux) {
    Integer darwin = TO_DARWIN.get(linux);
    if (darwin == null) {
      throw new AssertionError("an error that Darwin has no number for: " + linux);
    }
    return darwin;
  }

  /** Linux's number for one of Darwin; 0 if it has none. */
  static int linux(int darwin) {
    return TO_LINUX.getOrDefault(darwin, 0);
  }
}
