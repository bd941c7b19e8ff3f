/* The reference for datagrams: an echo server that takes and sends as many as it can at once. */
#define _GNU_SOURCE

#include <netinet/in.h>
#include <sys/socket.h>

#include "check.h"

enum { AT_ONCE = 64, LARGEST_DATAGRAM = 2048 };

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: udp-server PORT\n");
    return 2;
  }
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  CHECK(fd >= 0, "socket");
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)atoi(argv[1])),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  CHECK(bind(fd, (struct sockaddr *)&address, sizeof address) == 0, "bind");
  static char bytes[AT_ONCE][LARGEST_DATAGRAM];
  static struct sockaddr_in peers[AT_ONCE];
  struct iovec parts[AT_ONCE];
  struct mmsghdr messages[AT_ONCE];
  for (;;) {
    for (int i = 0; i < AT_ONCE; i++) {
      parts[i] = (struct iovec){.iov_base = bytes[i], .iov_len = LARGEST_DATAGRAM};
      messages[i].msg_hdr = (struct msghdr){.msg_name = &peers[i],
                                            .msg_namelen = sizeof peers[i],
                                            .msg_iov = &parts[i],
                                            .msg_iovlen = 1};
    }
    int received = recvmmsg(fd, messages, AT_ONCE, MSG_WAITFORONE, NULL);
    CHECK(received > 0 || errno == EINTR || errno == ECONNREFUSED, "recvmmsg");
    for (int i = 0; i < received; i++) {
      parts[i].iov_len = messages[i].msg_len;
    }
    for (int sent = 0; sent < received;) {
      int result = sendmmsg(fd, messages + sent, (unsigned)(received - sent), 0);
      CHECK(result > 0 || errno == EINTR || errno == ECONNREFUSED, "sendmmsg");
      sent += result > 0 ? result : 0;
    }
  }
}
