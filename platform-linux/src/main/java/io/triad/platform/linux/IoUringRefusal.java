package io.triad.platform.linux;

import io.triad.platform.linux.ffi.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Why the kernel refused io_uring_setup(2), in words that say what to do. */
final class IoUringRefusal {
  private static final Path SYSCTL = Path.of("/proc/sys/kernel/io_uring_disabled");
  private static final Path STATUS = Path.of("/proc/thread-self/status");

  private IoUringRefusal() {}

  static String explain(String what, int errno) {
    return explain(what, errno, read(SYSCTL), read(STATUS));
  }

  /** The same, from what the two files say; empty where there is no such file. */
  static String explain(String what, int errno, String sysctl, String status) {
    String cause;
    if (errno == Linux.EPERM() && (sysctl.equals("1") || sysctl.equals("2"))) {
      cause =
          "the sysctl kernel.io_uring_disabled is "
              + sysctl
              + (sysctl.equals("1")
                  ? "; only a process with CAP_SYS_ADMIN or in the group of the sysctl"
                      + " kernel.io_uring_group may use it"
                  : "; nobody may use it on this machine");
    } else if ((errno == Linux.EPERM() || errno == Linux.EACCES() || errno == Linux.ENOSYS())
        && filtered(status)) {
      cause =
          "a seccomp filter of this process refuses it, as container runtimes do by default;"
              + " allow io_uring_setup, io_uring_enter and io_uring_register in its profile";
    } else if (errno == Linux.ENOSYS()) {
      cause =
          "this kernel was built without it, is older than Linux 5.1, or is imitated by something"
              + " that does not know it, such as QEMU's user mode";
    } else if (errno == Linux.ENOMEM()) {
      cause =
          "not enough memory, or more locked memory than RLIMIT_MEMLOCK allows (ulimit -l);"
              + " raise that limit";
    } else if (errno == Linux.EMFILE()) {
      cause = "this process has reached its limit of descriptors (ulimit -n); raise it";
    } else if (errno == Linux.ENFILE()) {
      cause = "the system has reached its limit of open files (sysctl fs.file-max)";
    } else {
      cause = "the kernel gave no further reason";
    }
    return what + " is refused with " + LinuxErrors.name(errno) + ": " + cause;
  }

  /** Seccomp: 2 in proc_pid_status(5) is a filter. */
  private static boolean filtered(String status) {
    return status.lines().anyMatch(line -> line.matches("Seccomp:\\s*2"));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return ""; // older kernels do not have it; then it is not the reason
    }
  }
}
