/*
 * The reference for streaming: one thread, epoll, and no more calls than the data need. The first
 * byte of a connection says what it is for:
 *
 *   I   reads to the end and answers with the number of bytes, eight of them, the highest first
 *   O   sends the pattern until the client goes away
 *   F   sends the file; each further byte asks for it again
 */
#define _GNU_SOURCE

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "measure.h"
#include "pattern.h"

enum { EVENTS_AT_ONCE = 64, LISTEN_BACKLOG = 1024, MOST_DESCRIPTORS = 4096, READ_BYTES = 256 * 1024 };

/* By descriptor number. */
struct connection {
  char purpose;
  bool sending;
  uint64_t position; /* bytes read, or where in the pattern or the file the next send begins */
};

static int poll_set;
static int listener;
static int file;
static off_t file_size;
static struct connection connections[MOST_DESCRIPTORS];
static char discarded[READ_BYTES];

static void watch(int fd, uint32_t events, int operation) {
  struct epoll_event event = {.events = events, .data.fd = fd};
  CHECK(epoll_ctl(poll_set, operation, fd, &event) == 0, "epoll_ctl");
}

static void accept_all(void) {
  int fd;
  while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
    CHECK(fd < MOST_DESCRIPTORS, "descriptor number beyond the limit");
    connections[fd] = (struct connection){0};
    watch(fd, EPOLLIN, EPOLL_CTL_ADD);
  }
  CHECK(errno == EAGAIN || errno == ECONNABORTED || errno == EINTR, "accept");
}

static bool is_temporary(ssize_t result) {
  return result < 0 && (errno == EAGAIN || errno == EINTR);
}

/* Sends what fits; the client may have gone away. */
static void write_on(int fd) {
  struct connection *connection = &connections[fd];
  bool is_file = connection->purpose == 'F';
  ssize_t sent;
  if (is_file) {
    off_t offset = (off_t)connection->position;
    sent = sendfile(fd, file, &offset, (size_t)(file_size - offset));
  } else {
    sent = send(fd, pattern + connection->position, CHUNK_BYTES - connection->position,
                MSG_NOSIGNAL);
  }
  if (sent <= 0) {
    if (!is_temporary(sent)) {
      close(fd);
    }
    return;
  }
  connection->position += (uint64_t)sent;
  if (!is_file) {
    connection->position %= CHUNK_BYTES;
  } else if (connection->position == (uint64_t)file_size) {
    connection->sending = false;
    watch(fd, EPOLLIN, EPOLL_CTL_MOD);
  }
}

static void answer_with_count(int fd) {
  unsigned char count[8];
  for (int i = 0; i < 8; i++) {
    count[i] = (unsigned char)(connections[fd].position >> (56 - 8 * i));
  }
  send(fd, count, sizeof count, MSG_NOSIGNAL);
  close(fd);
}

static void read_from(int fd) {
  struct connection *connection = &connections[fd];
  bool counting = connection->purpose == 'I';
  ssize_t length = recv(fd, discarded, counting ? sizeof discarded : 1, 0);
  if (is_temporary(length)) {
    return;
  }
  if (length < 0 || (length == 0 && !counting)) {
    close(fd);
  } else if (length == 0) {
    answer_with_count(fd);
  } else if (counting) {
    connection->position += (uint64_t)length;
  } else {
    connection->purpose = discarded[0];
    connection->position = 0;
    connection->sending = connection->purpose != 'I';
    if (connection->sending) {
      watch(fd, EPOLLOUT, EPOLL_CTL_MOD);
    }
  }
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: stream-server PORT FILE\n");
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  make_pattern();
  struct stat status;
  file = open(argv[2], O_RDONLY | O_CLOEXEC);
  CHECK(file >= 0 && fstat(file, &status) == 0, argv[2]);
  file_size = status.st_size;

  listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  CHECK(listener >= 0, "socket");
  int on = 1;
  CHECK(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0, "SO_REUSEADDR");
  CHECK(setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0, "TCP_NODELAY");
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)atoi(argv[1])),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  CHECK(bind(listener, (struct sockaddr *)&address, sizeof address) == 0, "bind");
  CHECK(listen(listener, LISTEN_BACKLOG) == 0, "listen");
  poll_set = epoll_create1(EPOLL_CLOEXEC);
  CHECK(poll_set >= 0, "epoll_create1");
  watch(listener, EPOLLIN, EPOLL_CTL_ADD);
  for (;;) {
    struct epoll_event events[EVENTS_AT_ONCE];
    int ready = epoll_wait(poll_set, events, EVENTS_AT_ONCE, -1);
    CHECK(ready >= 0 || errno == EINTR, "epoll_wait");
    for (int i = 0; i < ready; i++) {
      int fd = events[i].data.fd;
      if (fd == listener) {
        accept_all();
      } else if (connections[fd].sending) {
        write_on(fd);
      } else {
        read_from(fd);
      }
    }
  }
}
