/*
 * Prototypes of the C library functions that the call layer links to, each as its man page gives
 * it, with u64 for size_t and s64 for ssize_t and off_t. Not an input of jextract (see linux.h);
 * ci/abi-check compares all of them with the true headers, type by type.
 *
 * Of variadic functions the fixed parameters and the result are the same in every call; the rest
 * depends on the call.
 */
#ifndef TRIAD_LINUX_FUNCTIONS_H
#define TRIAD_LINUX_FUNCTIONS_H

#include "linux.h"

/* Either layout; the functions only see an address. */
#define epoll_event epoll_event_natural

/* Sockets: socket(2), bind(2), listen(2), accept(2), connect(2), getsockopt(2), shutdown(2) */
int socket(int domain, int type, int protocol);
int socketpair(int domain, int type, int protocol, int sockets[2]);
int bind(int fd, const struct sockaddr *address, u32 length);
int listen(int fd, int backlog);
int accept4(int fd, struct sockaddr *address, u32 *length, int flags);
int connect(int fd, const struct sockaddr *address, u32 length);
int getsockname(int fd, struct sockaddr *address, u32 *length);
int getpeername(int fd, struct sockaddr *address, u32 *length);
int getsockopt(int fd, int level, int name, void *value, u32 *length);
int setsockopt(int fd, int level, int name, const void *value, u32 length);
int shutdown(int fd, int how);

/* send(2), recv(2) */
s64 send(int fd, const void *bytes, u64 count, int flags);
s64 recv(int fd, void *bytes, u64 count, int flags);
s64 sendto(int fd, const void *bytes, u64 count, int flags, const struct sockaddr *to, u32 length);
s64 recvfrom(int fd, void *bytes, u64 count, int flags, struct sockaddr *from, u32 *length);
s64 sendmsg(int fd, const struct msghdr *message, int flags);
s64 recvmsg(int fd, struct msghdr *message, int flags);
int sendmmsg(int fd, struct mmsghdr *messages, u32 count, int flags);
int recvmmsg(int fd, struct mmsghdr *messages, u32 count, int flags, struct timespec *timeout);

/* getaddrinfo(3), getnameinfo(3), getprotoent_r(3), getservent_r(3), if_nameindex(3), gethostname(2) */
int getaddrinfo(
    const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result);
void freeaddrinfo(struct addrinfo *list);
const char *gai_strerror(int code);
int getnameinfo(
    const struct sockaddr *address, u32 length,
    char *host, u32 hostSize, char *service, u32 serviceSize, int flags);
u32 if_nametoindex(const char *name);
char *if_indextoname(u32 index, char *name);
struct if_nameindex *if_nameindex(void);
void if_freenameindex(struct if_nameindex *list);
int getprotobyname_r(
    const char *name, struct protoent *entry, char *buffer, u64 size, struct protoent **found);
int getservbyname_r(
    const char *name, const char *protocol, struct servent *entry,
    char *buffer, u64 size, struct servent **found);
int gethostname(char *name, u64 size);

/* poll(2), epoll(7), eventfd(2), signalfd(2), timerfd_create(2) */
int poll(struct pollfd *fds, u64 count, int timeoutMillis);
int epoll_create1(int flags);
int epoll_ctl(int epoll, int operation, int fd, struct epoll_event *event);
int epoll_wait(int epoll, struct epoll_event *events, int max, int timeoutMillis);
int eventfd(u32 value, int flags);
int eventfd_write(int fd, u64 value);
int signalfd(int fd, const sigset_t *mask, int flags);
int timerfd_create(int clock, int flags);
int timerfd_settime(
    int fd, int flags, const struct itimerspec *value, struct itimerspec *previous);

/* read(2), write(2), readv(2), pread(2), lseek(2), fsync(2), ftruncate(2) */
s64 read(int fd, void *bytes, u64 count);
s64 write(int fd, const void *bytes, u64 count);
s64 readv(int fd, const struct iovec *parts, int count);
s64 writev(int fd, const struct iovec *parts, int count);
s64 pread(int fd, void *bytes, u64 count, s64 offset);
s64 pwrite(int fd, const void *bytes, u64 count, s64 offset);
s64 preadv2(int fd, const struct iovec *parts, int count, s64 offset, int flags);
s64 pwritev2(int fd, const struct iovec *parts, int count, s64 offset, int flags);
s64 lseek(int fd, s64 offset, int whence);
int fsync(int fd);
int fdatasync(int fd);
int ftruncate(int fd, s64 length);
int close(int fd);

/* Variadic: syscall(2), fcntl(2) */
s64 syscall(s64 number, ...);
int fcntl(int fd, int command, ...);

/* pipe(2), dup(2), splice(2), tee(2), sendfile(2) */
int pipe2(int fds[2], int flags);
int dup3(int from, int to, int flags);
s64 splice(int in, s64 *inOffset, int out, s64 *outOffset, u64 count, u32 flags);
s64 tee(int in, int out, u64 count, u32 flags);
s64 sendfile(int out, int in, s64 *offset, u64 count);

/* unlink(2), mkdir(2), chdir(2), statx(2), isatty(3) */
int unlinkat(int directory, const char *path, int flags);
int mkdirat(int directory, const char *path, u32 mode);
int statx(int directory, const char *path, int flags, u32 mask, struct statx *result);
int isatty(int fd);

/* mmap(2), madvise(2), mlock(2), sysconf(3) */
void *mmap(void *address, u64 length, int protection, int flags, int fd, s64 offset);
int munmap(void *address, u64 length);
int madvise(void *address, u64 length, int advice);
int mlock(const void *address, u64 length);
int munlock(const void *address, u64 length);
s64 sysconf(int name);

/* getrlimit(2), getrusage(2). A resource is an enumeration in C with GNU extensions, which compilers
   count as u32, and an int without; both are passed alike. */
int getrlimit(int resource, struct rlimit *limit);
int setrlimit(int resource, const struct rlimit *limit);
int prlimit(int pid, u32 resource, const struct rlimit *limit, struct rlimit *previous);
int getrusage(int who, struct rusage *usage);

/* Errors: errno(3), strerror(3) */
int *__errno_location(void);
char *strerror_r(int error, char *text, u64 size);
const char *strerrordesc_np(int error);
const char *strerrorname_np(int error);

/* Signals: sigsetops(3), sigprocmask(2), kill(2) */
int sigemptyset(sigset_t *set);
int sigfillset(sigset_t *set);
int sigaddset(sigset_t *set, int signal);
int sigdelset(sigset_t *set, int signal);
int sigismember(const sigset_t *set, int signal);
int pthread_sigmask(int how, const sigset_t *set, sigset_t *previous);
int kill(int pid, int signal);
int __libc_current_sigrtmin(void);
int __libc_current_sigrtmax(void);

/* Processes: posix_spawn(3), waitid(2), getpid(2) */
int posix_spawn(
    int *pid, const char *path, const posix_spawn_file_actions_t *actions,
    const posix_spawnattr_t *attributes, char *const arguments[], char *const environment[]);
int posix_spawnp(
    int *pid, const char *file, const posix_spawn_file_actions_t *actions,
    const posix_spawnattr_t *attributes, char *const arguments[], char *const environment[]);
int posix_spawnattr_init(posix_spawnattr_t *attributes);
int posix_spawnattr_destroy(posix_spawnattr_t *attributes);
int posix_spawnattr_setflags(posix_spawnattr_t *attributes, short flags);
int posix_spawnattr_setpgroup(posix_spawnattr_t *attributes, int group);
int posix_spawnattr_setsigmask(posix_spawnattr_t *attributes, const sigset_t *mask);
int posix_spawnattr_setsigdefault(posix_spawnattr_t *attributes, const sigset_t *signals);
int posix_spawn_file_actions_init(posix_spawn_file_actions_t *actions);
int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *actions);
int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *actions, int from, int to);
int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t *actions, int fd);
int posix_spawn_file_actions_addopen(
    posix_spawn_file_actions_t *actions, int fd, const char *path, int flags, u32 mode);
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
int waitid(u32 kind, u32 id, siginfo_t *info, int options);
int getpid(void);
int getppid(void);
u32 getuid(void);
u32 getgid(void);
u32 geteuid(void);

#endif
