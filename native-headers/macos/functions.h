/*
 * Prototypes of the functions of libSystem that the call layer links to, each as its man page gives
 * it, with u64 for size_t and s64 for ssize_t and off_t. Not an input of jextract (see macos.h);
 * ci/abi-check compares all of them with the true headers, type by type.
 *
 * Of a variadic function the fixed parameters and the result are the same in every call; the rest
 * depends on the call.
 */
#ifndef TRIAD_MACOS_FUNCTIONS_H
#define TRIAD_MACOS_FUNCTIONS_H

#include "macos.h"

/* kqueue(2), poll(2) */
int kqueue(void);
int kevent(
    int kqueue, const struct kevent *changes, int changeCount, struct kevent *events,
    int eventCount, const struct timespec *timeout);
int poll(struct pollfd *fds, u32 count, int timeoutMillis);

/* Sockets: socket(2), bind(2), listen(2), accept(2), connect(2), getsockopt(2), shutdown(2) */
int socket(int domain, int type, int protocol);
int socketpair(int domain, int type, int protocol, int sockets[2]);
int bind(int fd, const struct sockaddr *address, u32 length);
int listen(int fd, int backlog);
int accept(int fd, struct sockaddr *address, u32 *length);
int connect(int fd, const struct sockaddr *address, u32 length);
int getsockname(int fd, struct sockaddr *address, u32 *length);
int getpeername(int fd, struct sockaddr *address, u32 *length);
int getsockopt(int fd, int level, int name, void *value, u32 *length);
int setsockopt(int fd, int level, int name, const void *value, u32 length);
int shutdown(int fd, int how);

/* send(2), recv(2), sendfile(2) */
s64 send(int fd, const void *bytes, u64 count, int flags);
s64 recv(int fd, void *bytes, u64 count, int flags);
s64 sendmsg(int fd, const struct msghdr *message, int flags);
s64 recvmsg(int fd, struct msghdr *message, int flags);
int sendfile(int file, int socket, s64 offset, s64 *length, struct sf_hdtr *around, int flags);

/* close(2), pread(2), fcntl(2) */
int close(int fd);
int fcntl(int fd, int command, ...);
s64 pread(int fd, void *bytes, u64 count, s64 offset);

/* getaddrinfo(3), getnameinfo(3), getprotoent(3), getservent(3), if_nameindex(3), gethostname(3) */
int getaddrinfo(
    const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result);
void freeaddrinfo(struct addrinfo *list);
const char *gai_strerror(int code);
int getnameinfo(
    const struct sockaddr *address, u32 length,
    char *host, u32 hostSize, char *service, u32 serviceSize, int flags);
struct protoent *getprotobyname(const char *name);
struct servent *getservbyname(const char *name, const char *protocol);
int gethostname(char *name, u64 size);
struct if_nameindex *if_nameindex(void);
void if_freenameindex(struct if_nameindex *list);

/* mmap(2), getrlimit(2), strerror(3) */
void *mmap(void *address, u64 length, int protection, int flags, int fd, s64 offset);
int munmap(void *address, u64 length);
int getrlimit(int resource, struct rlimit *limit);
int strerror_r(int error, char *text, u64 size);

#endif
