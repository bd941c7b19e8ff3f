/*
 * io_uring: io_uring(7), io_uring_setup(2), io_uring_enter(2), io_uring_register(2).
 *
 * Trailing variable parts (the operations of a probe, the 64 extra bytes of a big submission, the
 * 16 of a big completion, the entries of a buffer ring) are left out: they begin where the struct
 * ends. Constants reach to Linux 7.0 or newer; what the running kernel lacks answers -EINVAL.
 */
#ifndef TRIAD_LINUX_IO_URING_H
#define TRIAD_LINUX_IO_URING_H

#include "../types.h"

/* struct __kernel_timespec: 64-bit seconds everywhere, io_uring_enter(2). */
struct kernel_timespec {
  s64 tv_sec;
  s64 tv_nsec;
};

/* --- Setup: io_uring_setup(2) --- */

/* Byte offsets into the mapped submission ring. */
struct io_sqring_offsets {
  u32 head;
  u32 tail;
  u32 ring_mask;
  u32 ring_entries;
  u32 flags;
  u32 dropped;
  u32 array;
  u32 resv1;
  u64 user_addr;
};

/* Byte offsets into the mapped completion ring. */
struct io_cqring_offsets {
  u32 head;
  u32 tail;
  u32 ring_mask;
  u32 ring_entries;
  u32 overflow;
  u32 cqes;
  u32 flags;
  u32 resv1;
  u64 user_addr;
};

struct io_uring_params {
  u32 sq_entries;
  u32 cq_entries;
  u32 flags;
  u32 sq_thread_cpu;
  u32 sq_thread_idle;
  u32 features;
  u32 wq_fd;
  GAP4 GAP4 GAP4
  struct io_sqring_offsets sq_off;
  struct io_cqring_offsets cq_off;
};

enum {
  IORING_SETUP_IOPOLL = 1 << 0,
  IORING_SETUP_SQPOLL = 1 << 1,
  IORING_SETUP_SQ_AFF = 1 << 2,
  IORING_SETUP_CQSIZE = 1 << 3,
  IORING_SETUP_CLAMP = 1 << 4,
  IORING_SETUP_ATTACH_WQ = 1 << 5,
  IORING_SETUP_R_DISABLED = 1 << 6,
  IORING_SETUP_SUBMIT_ALL = 1 << 7,
  IORING_SETUP_COOP_TASKRUN = 1 << 8,
  IORING_SETUP_TASKRUN_FLAG = 1 << 9,
  IORING_SETUP_SQE128 = 1 << 10,
  IORING_SETUP_CQE32 = 1 << 11,
  IORING_SETUP_SINGLE_ISSUER = 1 << 12,
  IORING_SETUP_DEFER_TASKRUN = 1 << 13,
  IORING_SETUP_NO_MMAP = 1 << 14,
  IORING_SETUP_REGISTERED_FD_ONLY = 1 << 15,
  IORING_SETUP_NO_SQARRAY = 1 << 16,
  IORING_SETUP_HYBRID_IOPOLL = 1 << 17,
  IORING_SETUP_CQE_MIXED = 1 << 18,
  IORING_SETUP_SQE_MIXED = 1 << 19,
  IORING_SETUP_SQ_REWIND = 1 << 20,
};

enum {
  IORING_FEAT_SINGLE_MMAP = 1 << 0,
  IORING_FEAT_NODROP = 1 << 1,
  IORING_FEAT_SUBMIT_STABLE = 1 << 2,
  IORING_FEAT_RW_CUR_POS = 1 << 3,
  IORING_FEAT_CUR_PERSONALITY = 1 << 4,
  IORING_FEAT_FAST_POLL = 1 << 5,
  IORING_FEAT_POLL_32BITS = 1 << 6,
  IORING_FEAT_SQPOLL_NONFIXED = 1 << 7,
  IORING_FEAT_EXT_ARG = 1 << 8,
  IORING_FEAT_NATIVE_WORKERS = 1 << 9,
  IORING_FEAT_RSRC_TAGS = 1 << 10,
  IORING_FEAT_CQE_SKIP = 1 << 11,
  IORING_FEAT_LINKED_FILE = 1 << 12,
  IORING_FEAT_REG_REG_RING = 1 << 13,
  IORING_FEAT_RECVSEND_BUNDLE = 1 << 14,
  IORING_FEAT_MIN_TIMEOUT = 1 << 15,
  IORING_FEAT_RW_ATTR = 1 << 16,
  IORING_FEAT_NO_IOWAIT = 1 << 17,
};

/* File offsets for mmap(2) on the ring descriptor: 64 bits, although they would fit in fewer. */
enum : u64 {
  IORING_OFF_SQ_RING = 0,
  IORING_OFF_CQ_RING = 0x8000000,
  IORING_OFF_SQES = 0x10000000,
  IORING_OFF_PBUF_RING = 0x80000000,
  IORING_OFF_PBUF_SHIFT = 16,
  IORING_OFF_MMAP_MASK = 0xf8000000,
};

/* --- Submission --- */

/* One entry of 64 bytes. Each union says what the same bytes mean to different operations. */
struct io_uring_sqe {
  u8 opcode;
  u8 flags;
  u16 ioprio;
  s32 fd;
  union {
    u64 off;
    u64 addr2;
    u32 cmd_op;
  };
  union {
    u64 addr;
    u64 splice_off_in;
    struct {
      u32 level;
      u32 optname;
    };
  };
  u32 len;
  union {
    u32 rw_flags;
    u32 fsync_flags;
    u32 poll32_events;
    u32 msg_flags;
    u32 timeout_flags;
    u32 accept_flags;
    u32 cancel_flags;
    u32 open_flags;
    u32 statx_flags;
    u32 fadvise_advice;
    u32 splice_flags;
    u32 rename_flags;
    u32 unlink_flags;
    u32 hardlink_flags;
    u32 msg_ring_flags;
    u32 waitid_flags;
    u32 futex_flags;
    u32 install_fd_flags;
    u32 nop_flags;
    u32 pipe_flags;
  };
  u64 user_data;
  union {
    u16 buf_index;
    u16 buf_group;
  };
  u16 personality;
  union {
    s32 splice_fd_in;
    u32 file_index;
    u32 optlen;
    u16 addr_len;
  };
  union {
    u64 addr3;
    u64 optval;
    u64 attr_ptr;
  };
  u64 attr_type_mask;
};

enum {
  IORING_OP_NOP = 0,
  IORING_OP_READV = 1,
  IORING_OP_WRITEV = 2,
  IORING_OP_FSYNC = 3,
  IORING_OP_READ_FIXED = 4,
  IORING_OP_WRITE_FIXED = 5,
  IORING_OP_POLL_ADD = 6,
  IORING_OP_POLL_REMOVE = 7,
  IORING_OP_SYNC_FILE_RANGE = 8,
  IORING_OP_SENDMSG = 9,
  IORING_OP_RECVMSG = 10,
  IORING_OP_TIMEOUT = 11,
  IORING_OP_TIMEOUT_REMOVE = 12,
  IORING_OP_ACCEPT = 13,
  IORING_OP_ASYNC_CANCEL = 14,
  IORING_OP_LINK_TIMEOUT = 15,
  IORING_OP_CONNECT = 16,
  IORING_OP_FALLOCATE = 17,
  IORING_OP_OPENAT = 18,
  IORING_OP_CLOSE = 19,
  IORING_OP_FILES_UPDATE = 20,
  IORING_OP_STATX = 21,
  IORING_OP_READ = 22,
  IORING_OP_WRITE = 23,
  IORING_OP_FADVISE = 24,
  IORING_OP_MADVISE = 25,
  IORING_OP_SEND = 26,
  IORING_OP_RECV = 27,
  IORING_OP_OPENAT2 = 28,
  IORING_OP_EPOLL_CTL = 29,
  IORING_OP_SPLICE = 30,
  IORING_OP_PROVIDE_BUFFERS = 31,
  IORING_OP_REMOVE_BUFFERS = 32,
  IORING_OP_TEE = 33,
  IORING_OP_SHUTDOWN = 34,
  IORING_OP_RENAMEAT = 35,
  IORING_OP_UNLINKAT = 36,
  IORING_OP_MKDIRAT = 37,
  IORING_OP_SYMLINKAT = 38,
  IORING_OP_LINKAT = 39,
  IORING_OP_MSG_RING = 40,
  IORING_OP_FSETXATTR = 41,
  IORING_OP_SETXATTR = 42,
  IORING_OP_FGETXATTR = 43,
  IORING_OP_GETXATTR = 44,
  IORING_OP_SOCKET = 45,
  IORING_OP_URING_CMD = 46,
  IORING_OP_SEND_ZC = 47,
  IORING_OP_SENDMSG_ZC = 48,
  IORING_OP_READ_MULTISHOT = 49,
  IORING_OP_WAITID = 50,
  IORING_OP_FUTEX_WAIT = 51,
  IORING_OP_FUTEX_WAKE = 52,
  IORING_OP_FUTEX_WAITV = 53,
  IORING_OP_FIXED_FD_INSTALL = 54,
  IORING_OP_FTRUNCATE = 55,
  IORING_OP_BIND = 56,
  IORING_OP_LISTEN = 57,
  IORING_OP_RECV_ZC = 58,
  IORING_OP_EPOLL_WAIT = 59,
  IORING_OP_READV_FIXED = 60,
  IORING_OP_WRITEV_FIXED = 61,
  IORING_OP_PIPE = 62,
  IORING_OP_NOP128 = 63,
  IORING_OP_URING_CMD128 = 64,
};

/* io_uring_sqe.flags */
enum {
  IOSQE_FIXED_FILE = 1 << 0,
  IOSQE_IO_DRAIN = 1 << 1,
  IOSQE_IO_LINK = 1 << 2,
  IOSQE_IO_HARDLINK = 1 << 3,
  IOSQE_ASYNC = 1 << 4,
  IOSQE_BUFFER_SELECT = 1 << 5,
  IOSQE_CQE_SKIP_SUCCESS = 1 << 6,
};

/* io_uring_sqe.file_index: "the kernel chooses a free slot". */
enum {
  IORING_FILE_INDEX_ALLOC = 0xffffffffu,
};

/* io_uring_sqe.ioprio of send and receive */
enum {
  IORING_RECVSEND_POLL_FIRST = 1 << 0,
  IORING_RECV_MULTISHOT = 1 << 1,
  IORING_RECVSEND_FIXED_BUF = 1 << 2,
  IORING_SEND_ZC_REPORT_USAGE = 1 << 3,
  IORING_RECVSEND_BUNDLE = 1 << 4,
  IORING_SEND_VECTORIZED = 1 << 5,
};

/* io_uring_sqe.ioprio of accept */
enum {
  IORING_ACCEPT_MULTISHOT = 1 << 0,
  IORING_ACCEPT_DONTWAIT = 1 << 1,
  IORING_ACCEPT_POLL_FIRST = 1 << 2,
};

/* io_uring_sqe.fsync_flags */
enum {
  IORING_FSYNC_DATASYNC = 1 << 0,
};

/* io_uring_sqe.timeout_flags */
enum {
  IORING_TIMEOUT_ABS = 1 << 0,
  IORING_TIMEOUT_UPDATE = 1 << 1,
  IORING_TIMEOUT_BOOTTIME = 1 << 2,
  IORING_TIMEOUT_REALTIME = 1 << 3,
  IORING_LINK_TIMEOUT_UPDATE = 1 << 4,
  IORING_TIMEOUT_ETIME_SUCCESS = 1 << 5,
  IORING_TIMEOUT_MULTISHOT = 1 << 6,
};

/* io_uring_sqe.len of poll */
enum {
  IORING_POLL_ADD_MULTI = 1 << 0,
  IORING_POLL_UPDATE_EVENTS = 1 << 1,
  IORING_POLL_UPDATE_USER_DATA = 1 << 2,
  IORING_POLL_ADD_LEVEL = 1 << 3,
};

/* io_uring_sqe.cancel_flags */
enum {
  IORING_ASYNC_CANCEL_ALL = 1 << 0,
  IORING_ASYNC_CANCEL_FD = 1 << 1,
  IORING_ASYNC_CANCEL_ANY = 1 << 2,
  IORING_ASYNC_CANCEL_FD_FIXED = 1 << 3,
  IORING_ASYNC_CANCEL_USERDATA = 1 << 4,
  IORING_ASYNC_CANCEL_OP = 1 << 5,
};

/* io_uring_sqe.addr (command) and .msg_ring_flags of a message to another ring */
enum {
  IORING_MSG_DATA = 0,
  IORING_MSG_SEND_FD = 1,
  IORING_MSG_RING_CQE_SKIP = 1 << 0,
  IORING_MSG_RING_FLAGS_PASS = 1 << 1,
};

/* io_uring_sqe.install_fd_flags and .nop_flags */
enum {
  IORING_FIXED_FD_NO_CLOEXEC = 1 << 0,
  IORING_NOP_INJECT_RESULT = 1 << 0,
};

/* io_uring_sqe.cmd_op of a command to a socket */
enum {
  SOCKET_URING_OP_SIOCINQ = 0,
  SOCKET_URING_OP_SIOCOUTQ = 1,
  SOCKET_URING_OP_GETSOCKOPT = 2,
  SOCKET_URING_OP_SETSOCKOPT = 3,
  SOCKET_URING_OP_TX_TIMESTAMP = 4,
  SOCKET_URING_OP_GETSOCKNAME = 5,
};

/* Flags word of the submission ring */
enum {
  IORING_SQ_NEED_WAKEUP = 1 << 0,
  IORING_SQ_CQ_OVERFLOW = 1 << 1,
  IORING_SQ_TASKRUN = 1 << 2,
};

/* --- Completion --- */

struct io_uring_cqe {
  u64 user_data;
  s32 res;
  u32 flags;
};

/* io_uring_cqe.flags; a chosen buffer's id stands above IORING_CQE_BUFFER_SHIFT. */
enum {
  IORING_CQE_F_BUFFER = 1 << 0,
  IORING_CQE_F_MORE = 1 << 1,
  IORING_CQE_F_SOCK_NONEMPTY = 1 << 2,
  IORING_CQE_F_NOTIF = 1 << 3,
  IORING_CQE_F_BUF_MORE = 1 << 4,
  IORING_CQE_F_SKIP = 1 << 5,
  IORING_CQE_F_32 = 1 << 15,
  IORING_CQE_BUFFER_SHIFT = 16,
};

/* io_uring_cqe.res of a zero-copy notification: the kernel copied after all. */
enum {
  IORING_NOTIF_USAGE_ZC_COPIED = 1u << 31,
};

/* Flags word of the completion ring */
enum {
  IORING_CQ_EVENTFD_DISABLED = 1 << 0,
};

/* What a multishot recvmsg writes in front of name, control data and payload. */
struct io_uring_recvmsg_out {
  u32 namelen;
  u32 controllen;
  u32 payloadlen;
  u32 flags;
};

/* --- Enter: io_uring_enter(2) --- */

enum {
  IORING_ENTER_GETEVENTS = 1 << 0,
  IORING_ENTER_SQ_WAKEUP = 1 << 1,
  IORING_ENTER_SQ_WAIT = 1 << 2,
  IORING_ENTER_EXT_ARG = 1 << 3,
  IORING_ENTER_REGISTERED_RING = 1 << 4,
  IORING_ENTER_ABS_TIMER = 1 << 5,
  IORING_ENTER_EXT_ARG_REG = 1 << 6,
  IORING_ENTER_NO_IOWAIT = 1 << 7,
};

/* Extended argument; `ts` is the address of a kernel_timespec. */
struct io_uring_getevents_arg {
  u64 sigmask;
  u32 sigmask_sz;
  u32 min_wait_usec;
  u64 ts;
};

/* Extended argument kept in a registered memory region. */
struct io_uring_reg_wait {
  struct kernel_timespec ts;
  u32 min_wait_usec;
  u32 flags;
  u64 sigmask;
  u32 sigmask_sz;
  GAP4 GAP4 GAP4
  GAP16
};

enum {
  IORING_REG_WAIT_TS = 1 << 0,
};

/* --- Register: io_uring_register(2) --- */

enum {
  IORING_REGISTER_BUFFERS = 0,
  IORING_UNREGISTER_BUFFERS = 1,
  IORING_REGISTER_FILES = 2,
  IORING_UNREGISTER_FILES = 3,
  IORING_REGISTER_EVENTFD = 4,
  IORING_UNREGISTER_EVENTFD = 5,
  IORING_REGISTER_FILES_UPDATE = 6,
  IORING_REGISTER_EVENTFD_ASYNC = 7,
  IORING_REGISTER_PROBE = 8,
  IORING_REGISTER_PERSONALITY = 9,
  IORING_UNREGISTER_PERSONALITY = 10,
  IORING_REGISTER_RESTRICTIONS = 11,
  IORING_REGISTER_ENABLE_RINGS = 12,
  IORING_REGISTER_FILES2 = 13,
  IORING_REGISTER_FILES_UPDATE2 = 14,
  IORING_REGISTER_BUFFERS2 = 15,
  IORING_REGISTER_BUFFERS_UPDATE = 16,
  IORING_REGISTER_IOWQ_AFF = 17,
  IORING_UNREGISTER_IOWQ_AFF = 18,
  IORING_REGISTER_IOWQ_MAX_WORKERS = 19,
  IORING_REGISTER_RING_FDS = 20,
  IORING_UNREGISTER_RING_FDS = 21,
  IORING_REGISTER_PBUF_RING = 22,
  IORING_UNREGISTER_PBUF_RING = 23,
  IORING_REGISTER_SYNC_CANCEL = 24,
  IORING_REGISTER_FILE_ALLOC_RANGE = 25,
  IORING_REGISTER_PBUF_STATUS = 26,
  IORING_REGISTER_NAPI = 27,
  IORING_UNREGISTER_NAPI = 28,
  IORING_REGISTER_CLOCK = 29,
  IORING_REGISTER_CLONE_BUFFERS = 30,
  IORING_REGISTER_SEND_MSG_RING = 31,
  IORING_REGISTER_ZCRX_IFQ = 32,
  IORING_REGISTER_RESIZE_RINGS = 33,
  IORING_REGISTER_MEM_REGION = 34,
  IORING_REGISTER_QUERY = 35,
  IORING_REGISTER_ZCRX_CTRL = 36,
  IORING_REGISTER_BPF_FILTER = 37,
};

/* Added to the operation when the descriptor argument is a registered index. */
enum {
  IORING_REGISTER_USE_REGISTERED_RING = 1u << 31,
};

/* Index into the worker counts of IORING_REGISTER_IOWQ_MAX_WORKERS */
enum {
  IO_WQ_BOUND = 0,
  IO_WQ_UNBOUND = 1,
};

/* One slot of an array of buffers or files; also names a ring descriptor to register. */
struct io_uring_rsrc_update {
  u32 offset;
  u32 resv;
  u64 data;
};

struct io_uring_rsrc_register {
  u32 nr;
  u32 flags;
  u64 resv2;
  u64 data;
  u64 tags;
};

struct io_uring_rsrc_update2 {
  u32 offset;
  u32 resv;
  u64 data;
  u64 tags;
  u32 nr;
  u32 resv2;
};

enum {
  IORING_RSRC_REGISTER_SPARSE = 1 << 0,
  IORING_REGISTER_FILES_SKIP = -2,
};

/* io_uring_probe is followed by ops_len entries of io_uring_probe_op. */
struct io_uring_probe {
  u8 last_op;
  u8 ops_len;
  u16 resv;
  u32 resv2_0;
  GAP4 GAP4
};

struct io_uring_probe_op {
  u8 op;
  u8 resv;
  u16 flags;
  u32 resv2;
};

enum {
  IO_URING_OP_SUPPORTED = 1 << 0,
};

/* A provided buffer: one entry of a buffer ring. */
struct io_uring_buf {
  u64 addr;
  u32 len;
  u16 bid;
  u16 resv;
};

/* The ring's tail lies over the reserved bytes of its first entry. */
struct io_uring_buf_ring {
  u64 resv1;
  u32 resv2;
  u16 resv3;
  u16 tail;
};

/* The last 24 bytes must be 0. Newer headers give the first four of them a name (min_left). */
struct io_uring_buf_reg {
  u64 ring_addr;
  u32 ring_entries;
  u16 bgid;
  u16 flags;
  GAP4 GAP4 GAP4 GAP4 GAP4 GAP4
};

struct io_uring_buf_status {
  u32 buf_group;
  u32 head;
  GAP4 GAP4 GAP4 GAP4 GAP4 GAP4 GAP4 GAP4
};

/* io_uring_buf_reg.flags */
enum {
  IOU_PBUF_RING_MMAP = 1,
  IOU_PBUF_RING_INC = 2,
};

/* Cancels and waits: IORING_REGISTER_SYNC_CANCEL. */
struct io_uring_sync_cancel_reg {
  u64 addr;
  s32 fd;
  u32 flags;
  struct kernel_timespec timeout;
  u8 opcode;
  GAP1 GAP2 GAP4
  GAP16 GAP8
};

struct io_uring_file_index_range {
  u32 off;
  u32 len;
  u64 resv;
};

struct io_uring_restriction {
  u16 opcode;
  union {
    u8 register_op;
    u8 sqe_op;
    u8 sqe_flags;
  };
  u8 resv;
  u32 resv2_0;
  GAP4 GAP4
};

enum {
  IORING_RESTRICTION_REGISTER_OP = 0,
  IORING_RESTRICTION_SQE_OP = 1,
  IORING_RESTRICTION_SQE_FLAGS_ALLOWED = 2,
  IORING_RESTRICTION_SQE_FLAGS_REQUIRED = 3,
};

struct io_uring_clock_register {
  u32 clockid;
  GAP4 GAP4 GAP4
};

struct io_uring_napi {
  u32 busy_poll_to;
  u8 prefer_busy_poll;
  u8 opcode;
  GAP1 GAP1
  u32 op_param;
  u32 resv;
};

struct io_uring_region_desc {
  u64 user_addr;
  u64 size;
  u32 flags;
  u32 id;
  u64 mmap_offset;
  GAP8 GAP8 GAP8 GAP8
};

struct io_uring_mem_region_reg {
  u64 region_uptr;
  u64 flags;
  GAP8 GAP8
};

enum {
  IORING_MEM_REGION_TYPE_USER = 1,
  IORING_MEM_REGION_REG_WAIT_ARG = 1,
};

#endif
