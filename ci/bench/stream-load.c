/*
 * Streams of data over a few connections, as fast as the server goes, in one thread: "in", to the
 * server, in chunks of 64 KiB; "out", from it; "file", the file over and over, asked for each time.
 *
 * What was sent is counted again by the server, and the counts must agree. What comes back is compared
 * with what should: whole while warming up, and when measuring the ends of each piece, because
 * comparing every byte takes longer than receiving it.
 */
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "measure.h"
#include "message.h"
#include "pattern.h"

enum {
  MOST_CONNECTIONS = 256,
  PIECE_BYTES = 256 * 1024,
  COMPARED_AT_EACH_END = 64,
  STALLED_AFTER_SECONDS = 5,
};

struct connection {
  int descriptor;
  uint64_t transferred;
  bool finished;
};

static char purpose;
static int poll_set;
static int count;
static struct connection connections[MOST_CONNECTIONS];
static const unsigned char *expected;
static uint64_t expected_size;
static uint64_t total;
static int unfinished;
static bool compare_all = true;
static bool stopping;

static void watch(int index, uint32_t events, int operation) {
  struct epoll_event event = {.events = events, .data.u32 = (uint32_t)index};
  CHECK(epoll_ctl(poll_set, operation, connections[index].descriptor, &event) == 0, "epoll_ctl");
}

static void ask(int index) {
  CHECK(send(connections[index].descriptor, &purpose, 1, MSG_NOSIGNAL) == 1, "send");
}

static void connect_all(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  for (int i = 0; i < count; i++) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0, "socket");
    CHECK(connect(fd, (struct sockaddr *)&address, sizeof address) == 0, "connect");
    CHECK(fcntl(fd, F_SETFL, O_NONBLOCK) == 0, "O_NONBLOCK");
    connections[i].descriptor = fd;
    ask(i);
    watch(i, purpose == 'I' ? EPOLLOUT : EPOLLIN, EPOLL_CTL_ADD);
  }
  unfinished = count;
}

static void finish(int index) {
  connections[index].finished = true;
  close(connections[index].descriptor);
  unfinished--;
}

/* Up to one chunk; where in the table of random bytes it begins follows from what has gone before. */
static void send_chunk(int index) {
  struct connection *connection = &connections[index];
  uint64_t done = connection->transferred;
  if (stopping) {
    CHECK(shutdown(connection->descriptor, SHUT_WR) == 0, "shutdown");
    watch(index, EPOLLIN, EPOLL_CTL_MOD);
    return;
  }
  size_t left = CHUNK_BYTES - done % CHUNK_BYTES;
  ssize_t sent = send(connection->descriptor,
                      message((unsigned)index, done / CHUNK_BYTES) + done % CHUNK_BYTES, left,
                      MSG_NOSIGNAL);
  if (sent < 0 && errno == EAGAIN) {
    return;
  }
  CHECK(sent > 0, "send");
  connection->transferred += (uint64_t)sent;
  total += (uint64_t)sent;
}

/* Waits for the eight bytes with which the server says what has arrived. */
static void check_count(int index) {
  struct connection *connection = &connections[index];
  unsigned char bytes[9];
  ssize_t length = recv(connection->descriptor, bytes, sizeof bytes, 0);
  if (length < 0 && errno == EAGAIN) {
    return;
  }
  CHECK(length == 8, "the server's count of bytes");
  uint64_t counted = 0;
  for (int i = 0; i < 8; i++) {
    counted = counted << 8 | bytes[i];
  }
  if (counted != connection->transferred) {
    fprintf(stderr, "the server counted %llu bytes of %llu\n", (unsigned long long)counted,
            (unsigned long long)connection->transferred);
    exit(1);
  }
  finish(index);
}

static void compare(const unsigned char *piece, uint64_t position, size_t length) {
  while (length > 0) {
    uint64_t offset = position % expected_size;
    size_t part = expected_size - offset < length ? (size_t)(expected_size - offset) : length;
    if (memcmp(piece, expected + offset, part) != 0) {
      fprintf(stderr, "wrong byte within %zu from byte %llu on\n", part,
              (unsigned long long)position);
      exit(1);
    }
    piece += part;
    position += part;
    length -= part;
  }
}

static void receive_piece(int index) {
  struct connection *connection = &connections[index];
  if (stopping && purpose == 'O') {
    finish(index);
    return;
  }
  static unsigned char piece[PIECE_BYTES];
  ssize_t result = recv(connection->descriptor, piece, sizeof piece, 0);
  if (result < 0 && errno == EAGAIN) {
    return;
  }
  CHECK(result >= 0, "receive");
  CHECK(result > 0, "connection closed by the server");
  size_t length = (size_t)result;
  if (compare_all || length <= 2 * COMPARED_AT_EACH_END) {
    compare(piece, connection->transferred, length);
  } else {
    size_t last = length - COMPARED_AT_EACH_END;
    compare(piece, connection->transferred, COMPARED_AT_EACH_END);
    compare(piece + last, connection->transferred + last, COMPARED_AT_EACH_END);
  }
  uint64_t before = connection->transferred;
  connection->transferred += length;
  total += length;
  if (purpose == 'F' && connection->transferred / expected_size != before / expected_size) {
    if (connection->transferred % expected_size != 0) {
      fprintf(stderr, "more bytes than the file has\n");
      exit(1);
    }
    if (stopping) {
      finish(index);
    } else {
      ask(index);
    }
  }
}

static uint64_t run_until(uint64_t deadline) {
  uint64_t last_progress = now_nanos();
  uint64_t now = last_progress;
  while (now < deadline && unfinished > 0) {
    struct epoll_event events[MOST_CONNECTIONS];
    uint64_t before = total;
    int ready = epoll_wait(poll_set, events, MOST_CONNECTIONS, 1000);
    CHECK(ready >= 0 || errno == EINTR, "epoll_wait");
    for (int i = 0; i < ready; i++) {
      int index = (int)events[i].data.u32;
      if (purpose != 'I') {
        receive_piece(index);
      } else if (events[i].events & EPOLLIN) {
        check_count(index);
      } else {
        send_chunk(index);
      }
    }
    now = now_nanos();
    if (total != before) {
      last_progress = now;
    } else if (now - last_progress > STALLED_AFTER_SECONDS * 1000000000ull) {
      fprintf(stderr, "stalled: no byte for %d s\n", STALLED_AFTER_SECONDS);
      exit(1);
    }
  }
  return now;
}

static void expect_file(const char *name) {
  int fd = open(name, O_RDONLY | O_CLOEXEC);
  struct stat status;
  CHECK(fd >= 0 && fstat(fd, &status) == 0 && status.st_size > 0, name);
  expected_size = (uint64_t)status.st_size;
  expected = mmap(NULL, expected_size, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 0);
  CHECK(expected != MAP_FAILED, "mmap");
}

int main(int argc, char **argv) {
  if (argc != 8) {
    fprintf(stderr,
            "usage: stream-load in|out|file PORT SERVER_PID CONNECTIONS WARM_UP_SECONDS SECONDS"
            " FILE\n");
    return 2;
  }
  purpose = !strcmp(argv[1], "in") ? 'I' : !strcmp(argv[1], "out") ? 'O' : 'F';
  pid_t server = (pid_t)atoi(argv[3]);
  count = atoi(argv[4]);
  if (count < 1 || count > MOST_CONNECTIONS) {
    fprintf(stderr, "CONNECTIONS from 1 to %d\n", MOST_CONNECTIONS);
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  if (purpose == 'I') {
    make_messages();
  } else if (purpose == 'O') {
    make_pattern();
    expected = pattern;
    expected_size = CHUNK_BYTES;
  } else {
    expect_file(argv[7]);
  }
  poll_set = epoll_create1(EPOLL_CLOEXEC);
  CHECK(poll_set >= 0, "epoll_create1");
  connect_all(atoi(argv[2]));

  run_until(now_nanos() + (uint64_t)(atof(argv[5]) * 1e9));
  compare_all = false;
  uint64_t before = total;
  struct measurement measurement = begin_measuring(server);
  end_measuring(&measurement, run_until(measurement.began + (uint64_t)(atof(argv[6]) * 1e9)));
  uint64_t measured = total - before;
  stopping = true;
  run_until(UINT64_MAX);
  return print_measurement(&measurement, measured);
}
