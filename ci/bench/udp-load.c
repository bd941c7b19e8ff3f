/*
 * Datagrams from many sockets, each of which has a few on their way: every echo is compared, and the
 * next datagram sent. There are never so many that a socket buffer of the usual size could overflow,
 * so none may be lost on the loopback, and they come back in order.
 */
#define _GNU_SOURCE

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "measure.h"
#include "message.h"

enum { MOST_SOCKETS = 256, WINDOW = 2, LARGEST_DATAGRAM = 1400, STALLED_AFTER_SECONDS = 5 };

struct source {
  int descriptor;
  uint64_t sent;
  uint64_t received;
};

static struct source sources[MOST_SOCKETS];
static int poll_set;
static int count;
static int size;
static uint64_t echoed;
static int in_flight;
static bool sending = true;

static void send_datagrams(int index, int number) {
  struct source *source = &sources[index];
  struct iovec parts[WINDOW];
  struct mmsghdr messages[WINDOW];
  for (int i = 0; i < number; i++) {
    parts[i] = (struct iovec){.iov_base = (void *)message((unsigned)index, source->sent++),
                              .iov_len = (size_t)size};
    messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
  }
  CHECK(sendmmsg(source->descriptor, messages, (unsigned)number, 0) == number, "sendmmsg");
  in_flight += number;
}

static void receive_datagrams(int index) {
  struct source *source = &sources[index];
  char bytes[WINDOW][LARGEST_DATAGRAM + 1];
  struct iovec parts[WINDOW];
  struct mmsghdr messages[WINDOW];
  for (int i = 0; i < WINDOW; i++) {
    parts[i] = (struct iovec){.iov_base = bytes[i], .iov_len = sizeof bytes[i]};
    messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
  }
  int received = recvmmsg(source->descriptor, messages, WINDOW, MSG_DONTWAIT, NULL);
  if (received < 0 && errno == EAGAIN) {
    return;
  }
  CHECK(received > 0, "recvmmsg");
  for (int i = 0; i < received; i++) {
    const char *expected = message((unsigned)index, source->received);
    if (source->received == source->sent || messages[i].msg_len != (unsigned)size ||
        memcmp(bytes[i], expected, (size_t)size) != 0) {
      fprintf(stderr, "wrong datagram: socket %d, number %llu, %u bytes\n", index,
              (unsigned long long)source->received, messages[i].msg_len);
      exit(1);
    }
    source->received++;
  }
  echoed += (uint64_t)received;
  in_flight -= received;
  if (sending) {
    send_datagrams(index, received);
  }
}

static uint64_t run_until(uint64_t deadline) {
  uint64_t last_progress = now_nanos();
  uint64_t now = last_progress;
  while (now < deadline && in_flight > 0) {
    struct epoll_event events[MOST_SOCKETS];
    uint64_t before = echoed;
    int ready = epoll_wait(poll_set, events, MOST_SOCKETS, 1000);
    CHECK(ready >= 0 || errno == EINTR, "epoll_wait");
    for (int i = 0; i < ready; i++) {
      receive_datagrams((int)events[i].data.u32);
    }
    now = now_nanos();
    if (echoed != before) {
      last_progress = now;
    } else if (now - last_progress > STALLED_AFTER_SECONDS * 1000000000ull) {
      fprintf(stderr, "%d datagrams were lost\n", in_flight);
      exit(1);
    }
  }
  return now;
}

int main(int argc, char **argv) {
  if (argc != 7) {
    fprintf(stderr, "usage: udp-load PORT SERVER_PID SOCKETS BYTES WARM_UP_SECONDS SECONDS\n");
    return 2;
  }
  pid_t server = (pid_t)atoi(argv[2]);
  count = atoi(argv[3]);
  size = atoi(argv[4]);
  if (count < 1 || count > MOST_SOCKETS || size < 1 || size > LARGEST_DATAGRAM) {
    fprintf(stderr, "SOCKETS from 1 to %d, BYTES from 1 to %d\n", MOST_SOCKETS, LARGEST_DATAGRAM);
    return 2;
  }
  make_messages();
  poll_set = epoll_create1(EPOLL_CLOEXEC);
  CHECK(poll_set >= 0, "epoll_create1");
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)atoi(argv[1])),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  for (int i = 0; i < count; i++) {
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0, "socket");
    CHECK(connect(fd, (struct sockaddr *)&address, sizeof address) == 0, "connect");
    sources[i].descriptor = fd;
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
    CHECK(epoll_ctl(poll_set, EPOLL_CTL_ADD, fd, &event) == 0, "epoll_ctl");
  }
  for (int i = 0; i < count; i++) {
    send_datagrams(i, WINDOW);
  }
  run_until(now_nanos() + (uint64_t)(atof(argv[5]) * 1e9));

  uint64_t before = echoed;
  struct measurement measurement = begin_measuring(server);
  end_measuring(&measurement, run_until(measurement.began + (uint64_t)(atof(argv[6]) * 1e9)));
  uint64_t measured = echoed - before;

  /* None may be lost: every one still on its way must come back. */
  sending = false;
  run_until(UINT64_MAX);
  return print_measurement(&measurement, measured);
}
