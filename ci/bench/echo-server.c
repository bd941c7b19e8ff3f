/*
 * The reference: a TCP echo server as lean as io_uring allows, on one thread. Multishot accept,
 * multishot receive into buffers the kernel picks on arrival, one-shot sends from those buffers,
 * one system call per pass.
 *
 * A connection has at most one send in flight. Two at once could overtake each other when the first
 * waits for room in the socket buffer.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ring.h"

enum { RING_ENTRIES = 4096, COMPLETION_ENTRIES = 65536, LISTEN_BACKLOG = 65535 };

enum operation { ACCEPT, RECEIVE, SEND };

/* What arrived in one buffer and has not left yet. */
struct chunk {
  int next;
  int length;
  int sent;
};

/* By descriptor number; first and last are the chunks still to send, -1 when there are none. */
struct connection {
  int first;
  int last;
  bool ended;
};

static struct io_uring ring;
static struct buffers buffers;
static struct chunk chunks[BUFFER_COUNT];
static struct connection *connections;
static size_t connection_limit;
/* Connections whose receive ended for want of a buffer. */
static int *starved;
static int starved_count;

static uint64_t tag(enum operation operation, int fd) {
  return (uint64_t)operation << 32 | (uint32_t)fd;
}

static void accept_forever(int listener) {
  struct io_uring_sqe *sqe = next_sqe(&ring);
  io_uring_prep_multishot_accept(sqe, listener, NULL, NULL, SOCK_CLOEXEC);
  io_uring_sqe_set_data64(sqe, tag(ACCEPT, listener));
}

static void send_first(int fd) {
  int id = connections[fd].first;
  const struct chunk *chunk = &chunks[id];
  struct io_uring_sqe *sqe = next_sqe(&ring);
  io_uring_prep_send(sqe, fd, buffer_at(&buffers, id) + chunk->sent,
                     (size_t)(chunk->length - chunk->sent), MSG_NOSIGNAL | MSG_WAITALL);
  io_uring_sqe_set_data64(sqe, tag(SEND, fd));
}

static void close_when_idle(int fd) {
  if (connections[fd].ended && connections[fd].first < 0) {
    close(fd);
  }
}

static void accepted(int listener, const struct io_uring_cqe *cqe) {
  int fd = cqe->res;
  if (fd >= 0) {
    CHECK((size_t)fd < connection_limit, "descriptor number beyond the limit");
    connections[fd] = (struct connection){.first = -1, .last = -1};
    receive_forever(&ring, fd, tag(RECEIVE, fd));
  } else {
    errno = -fd;
    CHECK(errno == ECONNABORTED || errno == EINTR, "accept");
  }
  if (!(cqe->flags & IORING_CQE_F_MORE)) {
    accept_forever(listener);
  }
}

static void received(int fd, const struct io_uring_cqe *cqe) {
  struct connection *connection = &connections[fd];
  if (cqe->res > 0) {
    int id = take_buffer(&buffers, cqe);
    chunks[id] = (struct chunk){.next = -1, .length = cqe->res};
    if (connection->first < 0) {
      connection->first = connection->last = id;
      send_first(fd);
    } else {
      chunks[connection->last].next = id;
      connection->last = id;
    }
    if (!(cqe->flags & IORING_CQE_F_MORE)) {
      receive_forever(&ring, fd, tag(RECEIVE, fd));
    }
  } else if (cqe->res == -ENOBUFS) {
    buffers_ran_out(&buffers);
    starved[starved_count++] = fd;
  } else {
    connection->ended = true;
    close_when_idle(fd);
  }
}

static void sent(int fd, const struct io_uring_cqe *cqe) {
  struct connection *connection = &connections[fd];
  int id = connection->first;
  struct chunk *chunk = &chunks[id];
  if (cqe->res > 0) {
    chunk->sent += cqe->res;
    if (chunk->sent == chunk->length) {
      connection->first = chunk->next;
      return_buffer(&buffers, id);
    }
    if (connection->first >= 0) {
      send_first(fd);
    }
  } else {
    /* The peer is gone; the receive ends by itself, what is left to send goes nowhere. */
    for (; id >= 0; id = chunks[id].next) {
      return_buffer(&buffers, id);
    }
    connection->first = -1;
  }
  close_when_idle(fd);
}

static void feed_the_starved(void) {
  int count = starved_count;
  starved_count = 0;
  for (int i = 0; i < count; i++) {
    receive_forever(&ring, starved[i], tag(RECEIVE, starved[i]));
  }
}

static void one_pass(void) {
  int result = io_uring_submit_and_wait(&ring, 1);
  errno = -result;
  CHECK(result >= 0 || errno == EINTR || errno == EBUSY, "io_uring_enter");
  unsigned head;
  unsigned reaped = 0;
  struct io_uring_cqe *cqe;
  io_uring_for_each_cqe(&ring, head, cqe) {
    int fd = (int)(uint32_t)cqe->user_data;
    switch ((enum operation)(cqe->user_data >> 32)) {
      case ACCEPT: accepted(fd, cqe); break;
      case RECEIVE: received(fd, cqe); break;
      case SEND: sent(fd, cqe); break;
    }
    reaped++;
  }
  io_uring_cq_advance(&ring, reaped);
  end_of_pass(&buffers);
  feed_the_starved();
}

static int listen_on(int port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  CHECK(fd >= 0, "socket");
  int on = 1;
  CHECK(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0, "SO_REUSEADDR");
  /* Linux hands the option on to every accepted socket. */
  CHECK(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0, "TCP_NODELAY");
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  CHECK(bind(fd, (struct sockaddr *)&address, sizeof address) == 0, "bind");
  CHECK(listen(fd, LISTEN_BACKLOG) == 0, "listen");
  return fd;
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: echo-server PORT\n");
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  struct rlimit limit;
  CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0, "getrlimit");
  limit.rlim_cur = limit.rlim_max;
  CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0, "setrlimit");
  connection_limit = limit.rlim_max;
  connections = calloc(connection_limit, sizeof *connections);
  starved = calloc(connection_limit, sizeof *starved);
  CHECK(connections && starved, "calloc");

  int listener = listen_on(atoi(argv[1]));
  open_ring(&ring, RING_ENTRIES, COMPLETION_ENTRIES);
  open_buffers(&buffers, &ring);
  accept_forever(listener);
  for (;;) {
    one_pass();
  }
}
