package io.triad.platform.macos.emulated;

import io.triad.platform.linux.ffi.Linux;

/** Numbers of Linux that are used in more than one place, the same on all its architectures. */
final class LinuxNumbers {
  static final int POLLIN = Linux.POLLIN();
  static final int POLLPRI = Linux.POLLPRI();
  static final int POLLOUT = Linux.POLLOUT();
  static final int POLLERR = Linux.POLLERR();
  static final int POLLHUP = Linux.POLLHUP();
  static final int POLLNVAL = Linux.POLLNVAL();
  static final int POLLRDHUP = Linux.POLLRDHUP();
  static final int SOL_SOCKET = Linux.SOL_SOCKET();
  static final int SOCK_STREAM = 1;
  static final int SOCK_DGRAM = 2;
  static final int FIONREAD = 0x541B;
  static final int SIOCOUTQ = 0x5411;

  private LinuxNumbers() {}
}
