/*
 * Connections that live for one message: connect, send it, check its echo, end the stream, wait
 * until the server has ended it too, close, and again. So many slots do that at the same time, all in
 * one thread.
 *
 * Streams are ended in order, as clients do, and not by a reset, which servers meet with an
 * exception. So every connection leaves its pair of addresses in TIME_WAIT for a minute, and there
 * are more than one address has ports: each connection comes from the next of many loopback
 * addresses.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "measure.h"
#include "message.h"
#include "ring.h"

enum {
  RING_ENTRIES = 1024,
  COMPLETION_ENTRIES = 8192,
  COMPLETIONS_PER_SUBMIT = 8,
  LARGEST_SHORT_MESSAGE = 16384,
  SOURCE_ADDRESSES = 60000,
  STALLED_AFTER_SECONDS = 5,
};

struct slot {
  uint64_t number;
  int descriptor;
  bool echoed;
  char received[LARGEST_SHORT_MESSAGE];
};

static struct io_uring ring;
static struct slot *slots;
static struct sockaddr_in server_address;
static int message_size;
static uint32_t next_source;
static uint64_t completed;
static int open_connections;
static bool opening = true;

static void receive(unsigned index) {
  struct slot *slot = &slots[index];
  struct io_uring_sqe *sqe = next_sqe(&ring);
  io_uring_prep_recv(sqe, slot->descriptor, slot->received, (size_t)message_size,
                     slot->echoed ? 0 : MSG_WAITALL);
  /* Nothing is there yet: the kernel need not try before it waits. */
  sqe->ioprio |= IORING_RECVSEND_POLL_FIRST;
  io_uring_sqe_set_data64(sqe, index);
}

static void open_next(unsigned index) {
  struct slot *slot = &slots[index];
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  CHECK(fd >= 0, "socket");
  int on = 1;
  CHECK(setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on) == 0, "bind later");
  struct sockaddr_in source = {
      .sin_family = AF_INET,
      .sin_addr.s_addr = htonl((127u << 24 | 1u << 16) + next_source++ % SOURCE_ADDRESSES)};
  CHECK(bind(fd, (struct sockaddr *)&source, sizeof source) == 0, "bind");
  CHECK(connect(fd, (struct sockaddr *)&server_address, sizeof server_address) == 0, "connect");
  slot->number++;
  slot->descriptor = fd;
  slot->echoed = false;
  open_connections++;
  ssize_t sent = send(fd, message(index, slot->number), (size_t)message_size, MSG_NOSIGNAL);
  CHECK(sent == message_size, "send");
  receive(index);
}

static void received(unsigned index, int result) {
  struct slot *slot = &slots[index];
  errno = -result;
  CHECK(result >= 0, "receive");
  if (!slot->echoed) {
    if (result != message_size ||
        memcmp(slot->received, message(index, slot->number), (size_t)message_size) != 0) {
      fprintf(stderr, "wrong byte: slot %u, connection %llu, %d of %d bytes\n", index,
              (unsigned long long)slot->number, result, message_size);
      exit(1);
    }
    slot->echoed = true;
    CHECK(shutdown(slot->descriptor, SHUT_WR) == 0, "shutdown");
    receive(index);
    return;
  }
  if (result != 0) {
    fprintf(stderr, "%d bytes after the end of the message\n", result);
    exit(1);
  }
  close(slot->descriptor);
  open_connections--;
  completed++;
  if (opening) {
    open_next(index);
  }
}

static void one_pass(uint64_t *last_progress) {
  struct __kernel_timespec timeout = {.tv_sec = 1};
  struct io_uring_cqe *cqe;
  int result = io_uring_submit_and_wait_timeout(&ring, &cqe, 1, &timeout, NULL);
  errno = -result;
  CHECK(result >= 0 || errno == ETIME || errno == EINTR, "io_uring_enter");
  for (unsigned reaped = 0; io_uring_peek_cqe(&ring, &cqe) == 0;) {
    unsigned index = (unsigned)cqe->user_data;
    int length = cqe->res;
    io_uring_cqe_seen(&ring, cqe);
    received(index, length);
    *last_progress = now_nanos();
    if (++reaped % COMPLETIONS_PER_SUBMIT == 0) {
      io_uring_submit(&ring);
    }
  }
  if (now_nanos() - *last_progress > STALLED_AFTER_SECONDS * 1000000000ull) {
    fprintf(stderr, "stalled: %d connections unfinished for %d s\n", open_connections,
            STALLED_AFTER_SECONDS);
    exit(1);
  }
}

static uint64_t run_until(uint64_t deadline) {
  uint64_t last_progress = now_nanos();
  uint64_t now = last_progress;
  while (now < deadline && open_connections > 0) {
    one_pass(&last_progress);
    now = now_nanos();
  }
  return now;
}

int main(int argc, char **argv) {
  if (argc != 7) {
    fprintf(stderr, "usage: short-load PORT SERVER_PID CONNECTIONS BYTES WARM_UP_SECONDS SECONDS\n");
    return 2;
  }
  pid_t server = (pid_t)atoi(argv[2]);
  int count = atoi(argv[3]);
  message_size = atoi(argv[4]);
  if (count < 1 || message_size < 1 || message_size > LARGEST_SHORT_MESSAGE) {
    fprintf(stderr, "CONNECTIONS from 1, BYTES from 1 to %d\n", LARGEST_SHORT_MESSAGE);
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  make_messages();
  open_ring(&ring, RING_ENTRIES, COMPLETION_ENTRIES);
  server_address = (struct sockaddr_in){.sin_family = AF_INET,
                                        .sin_port = htons((uint16_t)atoi(argv[1])),
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  slots = calloc((size_t)count, sizeof *slots);
  CHECK(slots, "calloc");
  /* Another run begins elsewhere: the addresses that the last one used are still taken. */
  next_source = (uint32_t)(now_nanos() / 1000 % SOURCE_ADDRESSES);

  uint64_t start = now_nanos();
  for (unsigned i = 0; i < (unsigned)count; i++) {
    open_next(i);
  }
  run_until(start + (uint64_t)(atof(argv[5]) * 1e9));

  uint64_t before = completed;
  struct measurement measurement = begin_measuring(server);
  end_measuring(&measurement, run_until(measurement.began + (uint64_t)(atof(argv[6]) * 1e9)));
  uint64_t measured = completed - before;

  /* No connection may be lost: every one still open must come to its end. */
  opening = false;
  run_until(UINT64_MAX);
  return print_measurement(&measurement, measured);
}
