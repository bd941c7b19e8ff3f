/*
 * System calls that have no wrapper in the C library, or whose wrapper is newer than Triad wants
 * to need: syscalls(2), syscall(2). Calls added since Linux 5.1 have one number everywhere; older
 * ones are given per architecture.
 */
#ifndef TRIAD_LINUX_SYSCALL_H
#define TRIAD_LINUX_SYSCALL_H

enum {
  SYS_pidfd_send_signal = 424,
  SYS_io_uring_setup = 425,
  SYS_io_uring_enter = 426,
  SYS_io_uring_register = 427,
  SYS_pidfd_open = 434,
  SYS_close_range = 436,
  SYS_openat2 = 437,
  SYS_pidfd_getfd = 438,
  SYS_epoll_pwait2 = 441,
};

enum {
  SYS_gettid_X86_64 = 186,
  SYS_gettid_AARCH64 = 178,
  SYS_tgkill_X86_64 = 234,
  SYS_tgkill_AARCH64 = 131,
  SYS_waitid_X86_64 = 247,
  SYS_waitid_AARCH64 = 95,
  SYS_getdents64_X86_64 = 217,
  SYS_getdents64_AARCH64 = 61,
  SYS_rt_sigprocmask_X86_64 = 14,
  SYS_rt_sigprocmask_AARCH64 = 135,
};

#endif
