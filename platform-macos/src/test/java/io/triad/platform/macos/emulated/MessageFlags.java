package io.triad.platform.macos.emulated;

import io.triad.platform.linux.ffi.Linux;

/** The flags of send(2) and recv(2). */
final class MessageFlags {
  static final int MSG_PEEK = 0x2;
  static final int MSG_TRUNC = 0x10;
  static final int MSG_CTRUNC = 0x20;
  static final int MSG_DONTWAIT = 0x80;
  static final int MSG_NOSIGNAL = 0x80000;

  /** Darwin's flag and Linux's. */
  private static final int[][] PAIRS = {
    {0x1, Linux.MSG_OOB()},
    {MSG_PEEK, Linux.MSG_PEEK()},
    {0x4, Linux.MSG_DONTROUTE()},
    {0x8, Linux.MSG_EOR()},
    {MSG_TRUNC, Linux.MSG_TRUNC()},
    {MSG_CTRUNC, Linux.MSG_CTRUNC()},
    {0x40, Linux.MSG_WAITALL()},
    {MSG_DONTWAIT, Linux.MSG_DONTWAIT()},
    {MSG_NOSIGNAL, Linux.MSG_NOSIGNAL()},
  };

  private MessageFlags() {}

  /**
   * For sending. MSG_DONTWAIT is ignored, as in XNU: whether a send waits is a matter of the
   * descriptor's mode alone. SIGPIPE is never raised truly, see {@link OpenSocket#checkSigPipe}.
   */
  static int sending(int darwin) {
    return linux(darwin & ~(MSG_DONTWAIT | MSG_TRUNC | MSG_CTRUNC)) | Linux.MSG_NOSIGNAL();
  }

  /** For receiving; to be told the full length of a datagram (MSG_TRUNC) cannot be asked for. */
  static int receiving(int darwin) {
    return linux(darwin & ~(MSG_TRUNC | MSG_CTRUNC | MSG_NOSIGNAL));
  }

  private static int linux(int darwin) {
    int linux = 0;
    int rest = darwin;
    for (int[] pair : PAIRS) {
      if ((darwin & pair[0]) != 0) {
        linux |= pair[1];
        rest &= ~pair[0];
      }
    }
    if (rest != 0) {
      throw new AssertionError("not a flag of a message: 0x" + Integer.toHexString(rest));
    }
    return linux;
  }

  /** What a message that was received says of itself. */
  static int received(int linux) {
    int darwin = 0;
    for (int[] pair : PAIRS) {
      if ((linux & pair[1]) != 0) {
        darwin |= pair[0];
      }
    }
    return darwin & ~(MSG_NOSIGNAL | MSG_DONTWAIT);
  }
}
