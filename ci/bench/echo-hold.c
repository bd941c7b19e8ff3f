/*
 * Opens many connections in one burst and keeps them: first idle, then with one message echoed on
 * each. After every stage it prints a line and waits for a line on standard input, so that the
 * caller can look at the server's memory in between; end of input ends it.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "message.h"

enum {
  EVENTS_AT_ONCE = 512,
  GIVE_UP_AFTER_SECONDS = 30,
  /* Well below the number of ephemeral ports one source address has by default (28 232). */
  CONNECTIONS_PER_ADDRESS = 16384,
};

static int poll_set;
static int *descriptors;
static int *received;

static void raise_descriptor_limit(int count) {
  rlim_t needed = (rlim_t)count + 64;
  struct rlimit limit;
  CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0, "getrlimit");
  if (limit.rlim_cur < needed) {
    limit.rlim_cur = needed;
    if (limit.rlim_max < needed) {
      limit.rlim_max = needed;
    }
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0, "raising the limit of open files");
  }
}

static void watch(int index, uint32_t events, int operation) {
  struct epoll_event event = {.events = events, .data.u32 = (uint32_t)index};
  CHECK(epoll_ctl(poll_set, operation, descriptors[index], &event) == 0, "epoll_ctl");
}

static void start_connecting(int index, int port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  CHECK(fd >= 0, "socket");
  int on = 1;
  CHECK(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0, "TCP_NODELAY");
  CHECK(setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on) == 0, "bind later");
  struct sockaddr_in address = {
      .sin_family = AF_INET,
      .sin_addr.s_addr = htonl(INADDR_LOOPBACK + (uint32_t)(index / CONNECTIONS_PER_ADDRESS))};
  CHECK(bind(fd, (struct sockaddr *)&address, sizeof address) == 0, "bind");
  address.sin_port = htons((uint16_t)port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int result = connect(fd, (struct sockaddr *)&address, sizeof address);
  CHECK(result == 0 || errno == EINPROGRESS, "connect");
  descriptors[index] = fd;
  watch(index, EPOLLOUT | EPOLLONESHOT, EPOLL_CTL_ADD);
}

static void finish_connecting(int index) {
  int error = 0;
  socklen_t length = sizeof error;
  CHECK(getsockopt(descriptors[index], SOL_SOCKET, SO_ERROR, &error, &length) == 0, "SO_ERROR");
  errno = error;
  CHECK(error == 0, "connect");
}

/* Returns true once the whole message is back. */
static bool receive(int index, int size) {
  char buffer[65536];
  ssize_t length = recv(descriptors[index], buffer, sizeof buffer, 0);
  if (length < 0 && errno == EAGAIN) {
    return false;
  }
  CHECK(length >= 0, "receive");
  CHECK(length > 0, "connection closed by the server");
  const char *expected = message((unsigned)index, 0) + received[index];
  received[index] += (int)length;
  if (received[index] > size || memcmp(buffer, expected, (size_t)length) != 0) {
    fprintf(stderr, "wrong byte on connection %d\n", index);
    exit(1);
  }
  return received[index] == size;
}

/* Waits for events until all connections have reached the end of the stage. */
static void complete_stage(int count, int size, bool connecting, uint64_t deadline) {
  struct epoll_event events[EVENTS_AT_ONCE];
  for (int completed = 0; completed < count;) {
    int ready = epoll_wait(poll_set, events, EVENTS_AT_ONCE, 1000);
    CHECK(ready >= 0 || errno == EINTR, "epoll_wait");
    for (int i = 0; i < ready; i++) {
      int index = (int)events[i].data.u32;
      if (connecting) {
        finish_connecting(index);
        completed++;
      } else {
        completed += receive(index, size);
      }
    }
    if (now_nanos() > deadline) {
      fprintf(stderr, "only %d of %d connections were %s in %d s\n", completed, count,
              connecting ? "accepted" : "answered", GIVE_UP_AFTER_SECONDS);
      exit(1);
    }
  }
}

static void report(const char *what, int count, uint64_t start) {
  printf("%s %d %.1f\n", what, count, (double)(now_nanos() - start) / 1e6);
  fflush(stdout);
  char line[64];
  if (!fgets(line, sizeof line, stdin)) {
    exit(0);
  }
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: echo-hold PORT CONNECTIONS BYTES\n");
    return 2;
  }
  int port = atoi(argv[1]);
  int count = atoi(argv[2]);
  int size = atoi(argv[3]);
  if (count < 1 || size < 1 || size > LARGEST_MESSAGE) {
    fprintf(stderr, "CONNECTIONS from 1, BYTES from 1 to %d\n", LARGEST_MESSAGE);
    return 2;
  }
  make_messages();
  raise_descriptor_limit(count);
  poll_set = epoll_create1(EPOLL_CLOEXEC);
  descriptors = calloc((size_t)count, sizeof *descriptors);
  received = calloc((size_t)count, sizeof *received);
  CHECK(poll_set >= 0 && descriptors && received, "setup");

  uint64_t start = now_nanos();
  uint64_t deadline = start + GIVE_UP_AFTER_SECONDS * 1000000000ull;
  for (int i = 0; i < count; i++) {
    start_connecting(i, port);
  }
  complete_stage(count, size, true, deadline);
  report("connected", count, start);

  start = now_nanos();
  deadline = start + GIVE_UP_AFTER_SECONDS * 1000000000ull;
  for (int i = 0; i < count; i++) {
    watch(i, EPOLLIN, EPOLL_CTL_MOD);
    ssize_t sent = send(descriptors[i], message((unsigned)i, 0), (size_t)size, MSG_NOSIGNAL);
    CHECK(sent == size, "send");
  }
  complete_stage(count, size, false, deadline);
  report("echoed", count, start);
  return 0;
}
