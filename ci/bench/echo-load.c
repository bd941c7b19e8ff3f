/*
 * Closed-loop load: every connection sends one message, waits for its echo, checks every byte, and
 * sends the next. One thread, one line of results on standard output:
 * messages, seconds, p50, p99, p99.9 and longest latency, CPU time of the server, of the load, and
 * of everything else on the machine (all in nanoseconds), with commas between.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "histogram.h"
#include "measure.h"
#include "message.h"
#include "ring.h"

enum {
  RING_ENTRIES = 1024,
  COMPLETION_ENTRIES = 8192,
  /*
   * Handing over the sends of all connections at once would let server and load work in turn
   * instead of at the same time.
   */
  COMPLETIONS_PER_SUBMIT = 16,
  STALLED_AFTER_SECONDS = 5,
};

enum operation { RECEIVE, SEND };

struct connection {
  uint64_t number;
  uint64_t sent_at;
  int received;
};

static struct io_uring ring;
static struct buffers buffers;
static struct connection *connections;
static struct histogram latencies;
static int message_size;
static int in_flight;
static bool sending = true;

static uint64_t tag(enum operation operation, unsigned index) {
  return (uint64_t)operation << 32 | index;
}

static void send_next(unsigned index, uint64_t now) {
  struct connection *connection = &connections[index];
  connection->number++;
  connection->received = 0;
  connection->sent_at = now;
  in_flight++;
  struct io_uring_sqe *sqe = next_sqe(&ring);
  io_uring_prep_send(sqe, (int)index, message(index, connection->number), (size_t)message_size,
                     MSG_NOSIGNAL | MSG_WAITALL);
  /* The bytes never change, so only a failed or short send needs to be heard of. */
  sqe->flags |= IOSQE_FIXED_FILE | IOSQE_CQE_SKIP_SUCCESS;
  io_uring_sqe_set_data64(sqe, tag(SEND, index));
}

static void receive_echoes(unsigned index) {
  struct io_uring_sqe *sqe = receive_forever(&ring, (int)index, tag(RECEIVE, index));
  sqe->flags |= IOSQE_FIXED_FILE;
}

static void received(unsigned index, const struct io_uring_cqe *cqe, uint64_t now) {
  struct connection *connection = &connections[index];
  if (cqe->res == -ENOBUFS) {
    buffers_ran_out(&buffers);
    offer_buffers(&buffers);
    receive_echoes(index);
    return;
  }
  errno = -cqe->res;
  CHECK(cqe->res >= 0, "receive");
  CHECK(cqe->res > 0, "connection closed by the server");
  int id = take_buffer(&buffers, cqe);
  int end = connection->received + cqe->res;
  const char *expected = message(index, connection->number) + connection->received;
  if (end > message_size || memcmp(buffer_at(&buffers, id), expected, (size_t)cqe->res) != 0) {
    fprintf(stderr, "wrong byte: connection %u, message %llu, bytes %d to %d of %d\n", index,
            (unsigned long long)connection->number, connection->received, end, message_size);
    exit(1);
  }
  return_buffer(&buffers, id);
  connection->received = end;
  if (!(cqe->flags & IORING_CQE_F_MORE)) {
    receive_echoes(index);
  }
  if (end == message_size) {
    in_flight--;
    histogram_add(&latencies, now - connection->sent_at);
    if (sending) {
      send_next(index, now);
    }
  }
}

static void one_pass(uint64_t *last_progress) {
  struct __kernel_timespec timeout = {.tv_sec = 1};
  struct io_uring_cqe *cqe;
  int result = io_uring_submit_and_wait_timeout(&ring, &cqe, 1, &timeout, NULL);
  errno = -result;
  CHECK(result >= 0 || errno == ETIME || errno == EINTR, "io_uring_enter");
  uint64_t now = now_nanos();
  for (unsigned reaped = 0; io_uring_peek_cqe(&ring, &cqe) == 0;) {
    unsigned index = (unsigned)(uint32_t)cqe->user_data;
    if (cqe->user_data >> 32 == SEND) {
      errno = -cqe->res;
      CHECK(cqe->res > 0, "send");
      CHECK(cqe->res == message_size, "short send, although the kernel was to send all");
    } else {
      received(index, cqe, now);
    }
    io_uring_cqe_seen(&ring, cqe);
    *last_progress = now;
    if (++reaped % COMPLETIONS_PER_SUBMIT == 0) {
      io_uring_submit(&ring);
      now = now_nanos();
    }
  }
  if (now - *last_progress > STALLED_AFTER_SECONDS * 1000000000ull) {
    fprintf(stderr, "stalled: %d messages without an answer for %d s\n", in_flight,
            STALLED_AFTER_SECONDS);
    exit(1);
  }
  end_of_pass(&buffers);
}

/* Returns the time it ended: at the deadline, or when nothing is on its way any more. */
static uint64_t run_until(uint64_t deadline) {
  uint64_t last_progress = now_nanos();
  uint64_t now = last_progress;
  while (now < deadline && in_flight > 0) {
    one_pass(&last_progress);
    now = now_nanos();
  }
  return now;
}

static void connect_all(int port, int count) {
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int *descriptors = calloc((size_t)count, sizeof *descriptors);
  connections = calloc((size_t)count, sizeof *connections);
  CHECK(descriptors && connections, "calloc");
  for (int i = 0; i < count; i++) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0, "socket");
    int on = 1;
    CHECK(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0, "TCP_NODELAY");
    CHECK(connect(fd, (struct sockaddr *)&address, sizeof address) == 0, "connect");
    descriptors[i] = fd;
  }
  /* Registered, a descriptor costs less to use; from here on its index stands for it. */
  int result = io_uring_register_files(&ring, descriptors, (unsigned)count);
  errno = -result;
  CHECK(result == 0, "registering the descriptors");
  free(descriptors);
  for (unsigned i = 0; i < (unsigned)count; i++) {
    receive_echoes(i);
  }
}

int main(int argc, char **argv) {
  if (argc != 7) {
    fprintf(stderr, "usage: echo-load PORT SERVER_PID CONNECTIONS BYTES WARM_UP_SECONDS SECONDS\n");
    return 2;
  }
  pid_t server = (pid_t)atoi(argv[2]);
  int count = atoi(argv[3]);
  message_size = atoi(argv[4]);
  if (count < 1 || message_size < 1 || message_size > LARGEST_MESSAGE) {
    fprintf(stderr, "CONNECTIONS from 1, BYTES from 1 to %d\n", LARGEST_MESSAGE);
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  make_messages();
  open_ring(&ring, RING_ENTRIES, COMPLETION_ENTRIES);
  open_buffers(&buffers, &ring);
  connect_all(atoi(argv[1]), count);

  uint64_t start = now_nanos();
  for (int i = 0; i < count; i++) {
    send_next((unsigned)i, now_nanos());
  }
  run_until(start + (uint64_t)(atof(argv[5]) * 1e9));

  memset(&latencies, 0, sizeof latencies);
  struct measurement measurement = begin_measuring(server);
  end_measuring(&measurement, run_until(measurement.began + (uint64_t)(atof(argv[6]) * 1e9)));
  struct histogram measured = latencies;

  /* No message may be lost: every one still on its way must come back. */
  sending = false;
  run_until(UINT64_MAX);

  if (measured.total == 0) {
    fprintf(stderr, "no message came back in the measured time\n");
    return 1;
  }
  printf("%llu,%.6f,%llu,%llu,%llu,%llu,%llu,%llu,%llu\n", (unsigned long long)measured.total,
         (double)measurement.elapsed / 1e9, (unsigned long long)histogram_quantile(&measured, 0.5),
         (unsigned long long)histogram_quantile(&measured, 0.99),
         (unsigned long long)histogram_quantile(&measured, 0.999), (unsigned long long)measured.max,
         (unsigned long long)measurement.server_cpu, (unsigned long long)measurement.load_cpu,
         (unsigned long long)measurement.other_cpu);
  return 0;
}
