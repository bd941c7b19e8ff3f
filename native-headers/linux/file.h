/*
 * Files, pipes and descriptors: open(2), openat2(2), fcntl(2), statx(2), readv(2), splice(2),
 * posix_fadvise(2), fallocate(2), rename(2), unlink(2), close_range(2), getdents64(2), inode(7).
 */
#ifndef TRIAD_LINUX_FILE_H
#define TRIAD_LINUX_FILE_H

#include "../types.h"

enum {
  STDIN_FILENO = 0,
  STDOUT_FILENO = 1,
  STDERR_FILENO = 2,
};

/* open(2): the flags that are the same everywhere */
enum {
  O_RDONLY = 0,
  O_WRONLY = 0x1,
  O_RDWR = 0x2,
  O_ACCMODE = 0x3,
  O_CREAT = 0x40,
  O_EXCL = 0x80,
  O_NOCTTY = 0x100,
  O_TRUNC = 0x200,
  O_APPEND = 0x400,
  O_NONBLOCK = 0x800,
  O_DSYNC = 0x1000,
  O_NOATIME = 0x40000,
  O_CLOEXEC = 0x80000,
  O_SYNC = 0x101000,
  O_PATH = 0x200000,
};

/* open(2): the flags that arm64 numbers differently (O_TMPFILE contains O_DIRECTORY) */
enum {
  O_DIRECT_X86_64 = 0x4000,
  O_DIRECT_AARCH64 = 0x10000,
  O_DIRECTORY_X86_64 = 0x10000,
  O_DIRECTORY_AARCH64 = 0x4000,
  O_NOFOLLOW_X86_64 = 0x20000,
  O_NOFOLLOW_AARCH64 = 0x8000,
  O_TMPFILE_X86_64 = 0x410000,
  O_TMPFILE_AARCH64 = 0x404000,
};

/* openat(2) and relatives */
enum {
  AT_FDCWD = -100,
  AT_SYMLINK_NOFOLLOW = 0x100,
  AT_REMOVEDIR = 0x200,
  AT_EACCESS = 0x200,
  AT_SYMLINK_FOLLOW = 0x400,
  AT_EMPTY_PATH = 0x1000,
};

/* openat2(2) */
struct open_how {
  u64 flags;
  u64 mode;
  u64 resolve;
};

enum {
  RESOLVE_NO_XDEV = 0x1,
  RESOLVE_NO_MAGICLINKS = 0x2,
  RESOLVE_NO_SYMLINKS = 0x4,
  RESOLVE_BENEATH = 0x8,
  RESOLVE_IN_ROOT = 0x10,
  RESOLVE_CACHED = 0x20,
};

/* fcntl(2) */
enum {
  F_DUPFD = 0,
  F_GETFD = 1,
  F_SETFD = 2,
  F_GETFL = 3,
  F_SETFL = 4,
  F_DUPFD_CLOEXEC = 1030,
  F_SETPIPE_SZ = 1031,
  F_GETPIPE_SZ = 1032,
  FD_CLOEXEC = 1,
};

/* access(2) */
enum {
  F_OK = 0,
  X_OK = 1,
  W_OK = 2,
  R_OK = 4,
};

/* lseek(2) */
enum {
  SEEK_SET = 0,
  SEEK_CUR = 1,
  SEEK_END = 2,
  SEEK_DATA = 3,
  SEEK_HOLE = 4,
};

/* preadv2(2), pwritev2(2) and io_uring_sqe.rw_flags */
enum {
  RWF_HIPRI = 0x1,
  RWF_DSYNC = 0x2,
  RWF_SYNC = 0x4,
  RWF_NOWAIT = 0x8,
  RWF_APPEND = 0x10,
  RWF_NOAPPEND = 0x20,
  RWF_ATOMIC = 0x40,
  RWF_DONTCACHE = 0x80,
};

/* Most elements of one vectored call: readv(2) */
enum {
  IOV_MAX = 1024,
};

/* splice(2), tee(2); SPLICE_F_FD_IN_FIXED is io_uring's own. */
enum {
  SPLICE_F_MOVE = 1,
  SPLICE_F_NONBLOCK = 2,
  SPLICE_F_MORE = 4,
  SPLICE_F_GIFT = 8,
  SPLICE_F_FD_IN_FIXED = 1u << 31,
};

/* statx(2) */
struct statx_timestamp {
  s64 tv_sec;
  u32 tv_nsec;
  GAP4
};

struct statx {
  u32 stx_mask;
  u32 stx_blksize;
  u64 stx_attributes;
  u32 stx_nlink;
  u32 stx_uid;
  u32 stx_gid;
  u16 stx_mode;
  GAP2
  u64 stx_ino;
  u64 stx_size;
  u64 stx_blocks;
  u64 stx_attributes_mask;
  struct statx_timestamp stx_atime;
  struct statx_timestamp stx_btime;
  struct statx_timestamp stx_ctime;
  struct statx_timestamp stx_mtime;
  u32 stx_rdev_major;
  u32 stx_rdev_minor;
  u32 stx_dev_major;
  u32 stx_dev_minor;
  u64 stx_mnt_id;
  u32 stx_dio_mem_align;
  u32 stx_dio_offset_align;
  GAP64 GAP32
};

enum {
  STATX_TYPE = 0x1,
  STATX_MODE = 0x2,
  STATX_NLINK = 0x4,
  STATX_UID = 0x8,
  STATX_GID = 0x10,
  STATX_ATIME = 0x20,
  STATX_MTIME = 0x40,
  STATX_CTIME = 0x80,
  STATX_INO = 0x100,
  STATX_SIZE = 0x200,
  STATX_BLOCKS = 0x400,
  STATX_BASIC_STATS = 0x7ff,
  STATX_BTIME = 0x800,
  STATX_MNT_ID = 0x1000,
  STATX_DIOALIGN = 0x2000,
  AT_STATX_SYNC_AS_STAT = 0,
  AT_STATX_FORCE_SYNC = 0x2000,
  AT_STATX_DONT_SYNC = 0x4000,
};

/* Type and permission bits: inode(7) */
enum {
  S_IFMT = 0170000,
  S_IFSOCK = 0140000,
  S_IFLNK = 0120000,
  S_IFREG = 0100000,
  S_IFBLK = 0060000,
  S_IFDIR = 0040000,
  S_IFCHR = 0020000,
  S_IFIFO = 0010000,
  S_ISUID = 04000,
  S_ISGID = 02000,
  S_ISVTX = 01000,
};

/* posix_fadvise(2) */
enum {
  POSIX_FADV_NORMAL = 0,
  POSIX_FADV_RANDOM = 1,
  POSIX_FADV_SEQUENTIAL = 2,
  POSIX_FADV_WILLNEED = 3,
  POSIX_FADV_DONTNEED = 4,
  POSIX_FADV_NOREUSE = 5,
};

/* fallocate(2) */
enum {
  FALLOC_FL_KEEP_SIZE = 0x1,
  FALLOC_FL_PUNCH_HOLE = 0x2,
  FALLOC_FL_ZERO_RANGE = 0x10,
};

/* renameat2(2) */
enum {
  RENAME_NOREPLACE = 1,
  RENAME_EXCHANGE = 2,
};

/* sync_file_range(2) */
enum {
  SYNC_FILE_RANGE_WAIT_BEFORE = 1,
  SYNC_FILE_RANGE_WRITE = 2,
  SYNC_FILE_RANGE_WAIT_AFTER = 4,
};

/* close_range(2) */
enum {
  CLOSE_RANGE_UNSHARE = 2,
  CLOSE_RANGE_CLOEXEC = 4,
};

/* Types of directory entries: getdents64(2) */
enum {
  DT_UNKNOWN = 0,
  DT_FIFO = 1,
  DT_CHR = 2,
  DT_DIR = 4,
  DT_BLK = 6,
  DT_REG = 8,
  DT_LNK = 10,
  DT_SOCK = 12,
};

#endif
