/*
 * What the echo server and the load generator share: a ring set up the fastest way this kernel
 * offers, and a pool of receive buffers from which the kernel takes one when data arrives
 * (io_uring_register_buf_ring(3)).
 */
#ifndef BENCH_RING_H
#define BENCH_RING_H

#include <liburing.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "check.h"

static inline void open_ring(struct io_uring *ring, unsigned entries, unsigned completions) {
  struct io_uring_params params = {
      .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_SUBMIT_ALL |
               IORING_SETUP_CQSIZE,
      .cq_entries = completions,
  };
  int result = io_uring_queue_init_params(entries, ring, &params);
  errno = -result;
  CHECK(result == 0, "io_uring_setup (needs Linux 6.1 and a system that permits io_uring)");
  result = io_uring_register_ring_fd(ring);
  errno = -result;
  CHECK(result == 1, "registering the ring descriptor");
}

/* Never null: a full submission queue is handed to the kernel first. */
static inline struct io_uring_sqe *next_sqe(struct io_uring *ring) {
  struct io_uring_sqe *sqe = io_uring_get_sqe(ring);
  if (!sqe) {
    io_uring_submit(ring);
    sqe = io_uring_get_sqe(ring);
    CHECK(sqe, "submission queue still full after a submit");
  }
  return sqe;
}

/*
 * The kernel consumes offered buffers in the order they were offered, so every offered buffer
 * passes through the cache in turn. Therefore only about as many are offered as one pass consumes;
 * the others wait on a stack, most recently used on top. The number offered follows the load.
 */
enum {
  BUFFER_SIZE = 16384,
  /* Not a multiple of the page, or the first lines of all buffers fall into the same cache sets. */
  BUFFER_STRIDE = BUFFER_SIZE + 5 * 64,
  BUFFER_COUNT = 8192,
  BUFFERS_OFFERED_AT_LEAST = 32,
  PASSES_BETWEEN_ADJUSTMENTS = 2048,
};

struct buffers {
  struct io_uring_buf_ring *ring;
  char *memory;
  uint16_t stack[BUFFER_COUNT];
  int on_stack;
  int offered;
  int target;
  int consumed_this_pass;
  int most_consumed;
  int passes;
};

static inline char *buffer_at(const struct buffers *buffers, int id) {
  return buffers->memory + (size_t)id * BUFFER_STRIDE;
}

static inline void offer_buffers(struct buffers *buffers) {
  int added = 0;
  while (buffers->offered < buffers->target && buffers->on_stack > 0) {
    int id = buffers->stack[--buffers->on_stack];
    io_uring_buf_ring_add(buffers->ring, buffer_at(buffers, id), BUFFER_SIZE, (unsigned short)id,
                          io_uring_buf_ring_mask(BUFFER_COUNT), added++);
    buffers->offered++;
  }
  if (added > 0) {
    io_uring_buf_ring_advance(buffers->ring, added);
  }
}

static inline void open_buffers(struct buffers *buffers, struct io_uring *ring) {
  size_t ring_size = BUFFER_COUNT * sizeof(struct io_uring_buf);
  size_t memory_size = (size_t)BUFFER_COUNT * BUFFER_STRIDE;
  int protection = PROT_READ | PROT_WRITE;
  int kind = MAP_ANONYMOUS | MAP_PRIVATE;
  memset(buffers, 0, sizeof *buffers);
  buffers->ring = mmap(NULL, ring_size, protection, kind, -1, 0);
  CHECK(buffers->ring != MAP_FAILED, "mmap of the buffer ring");
  buffers->memory = mmap(NULL, memory_size, protection, kind, -1, 0);
  CHECK(buffers->memory != MAP_FAILED, "mmap of the buffers");
  /* Small pages: a buffer costs memory only once used. EINVAL: a kernel without huge ones. */
  CHECK(madvise(buffers->memory, memory_size, MADV_NOHUGEPAGE) == 0 || errno == EINVAL, "madvise");
  io_uring_buf_ring_init(buffers->ring);
  struct io_uring_buf_reg registration = {
      .ring_addr = (uint64_t)(uintptr_t)buffers->ring, .ring_entries = BUFFER_COUNT, .bgid = 0};
  int result = io_uring_register_buf_ring(ring, &registration, 0);
  errno = -result;
  CHECK(result == 0, "registering the buffer ring");
  for (int id = BUFFER_COUNT - 1; id >= 0; id--) {
    buffers->stack[buffers->on_stack++] = (uint16_t)id;
  }
  buffers->target = BUFFERS_OFFERED_AT_LEAST;
  offer_buffers(buffers);
}

static inline int take_buffer(struct buffers *buffers, const struct io_uring_cqe *cqe) {
  buffers->offered--;
  buffers->consumed_this_pass++;
  return (int)(cqe->flags >> IORING_CQE_BUFFER_SHIFT);
}

static inline void return_buffer(struct buffers *buffers, int id) {
  buffers->stack[buffers->on_stack++] = (uint16_t)id;
}

/* The kernel found no buffer: offer twice as many from now on. */
static inline void buffers_ran_out(struct buffers *buffers) {
  if (buffers->offered == 0 && buffers->target < BUFFER_COUNT) {
    buffers->target *= 2;
  }
}

/* To be called once per pass, before the next submission. */
static inline void end_of_pass(struct buffers *buffers) {
  if (buffers->consumed_this_pass > buffers->most_consumed) {
    buffers->most_consumed = buffers->consumed_this_pass;
  }
  buffers->consumed_this_pass = 0;
  if (++buffers->passes == PASSES_BETWEEN_ADJUSTMENTS) {
    int wanted = BUFFERS_OFFERED_AT_LEAST;
    while (wanted < 2 * buffers->most_consumed && wanted < BUFFER_COUNT) {
      wanted *= 2;
    }
    buffers->target = wanted;
    buffers->most_consumed = 0;
    buffers->passes = 0;
  }
  offer_buffers(buffers);
}

/* Returns the entry, for flags of the caller's own. */
static inline struct io_uring_sqe *receive_forever(struct io_uring *ring, int fd,
                                                   uint64_t user_data) {
  struct io_uring_sqe *sqe = next_sqe(ring);
  io_uring_prep_recv_multishot(sqe, fd, NULL, 0, 0);
  sqe->flags |= IOSQE_BUFFER_SELECT;
  sqe->buf_group = 0;
  io_uring_sqe_set_data64(sqe, user_data);
  return sqe;
}

#endif
