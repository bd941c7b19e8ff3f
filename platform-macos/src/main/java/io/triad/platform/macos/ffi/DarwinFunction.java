package io.triad.platform.macos.ffi;

/**
 * The C functions of macOS that are called, all of libSystem. Their prototypes are in {@code
 * native-headers/macos/functions.h}.
 */
public enum DarwinFunction {
  // Readiness: kqueue(2), poll(2)
  KQUEUE("kqueue", Result.INT),
  KEVENT("kevent", Result.INT),
  POLL("poll", Result.INT),

  // Sockets
  SOCKET("socket", Result.INT),
  SOCKETPAIR("socketpair", Result.INT),
  BIND("bind", Result.INT),
  LISTEN("listen", Result.INT),
  ACCEPT("accept", Result.INT),
  CONNECT("connect", Result.INT),
  SHUTDOWN("shutdown", Result.INT),
  GETSOCKOPT("getsockopt", Result.INT),
  SETSOCKOPT("setsockopt", Result.INT),
  GETSOCKNAME("getsockname", Result.INT),
  GETPEERNAME("getpeername", Result.INT),
  SEND("send", Result.LONG),
  RECV("recv", Result.LONG),
  SENDMSG("sendmsg", Result.LONG),
  RECVMSG("recvmsg", Result.LONG),

  /** sendfile(2): file, socket, offset, {@code off_t *} in and out, {@code sf_hdtr *}, flags. */
  SENDFILE("sendfile", Result.INT),

  // Descriptors
  CLOSE("close", Result.INT),
  PREAD("pread", Result.LONG),

  /** fcntl(2): descriptor, command, and an argument for which its prototype has three dots. */
  FCNTL("fcntl", Result.INT, 2),

  // Names: getaddrinfo(3), getnameinfo(3), getprotoent(3), getservent(3), if_nameindex(3)
  GETADDRINFO("getaddrinfo", Result.RESOLVER),
  FREEADDRINFO("freeaddrinfo", Result.NONE),
  GAI_STRERROR("gai_strerror", Result.POINTER),

  /** getnameinfo(3), the one function here with seven parameters. */
  GETNAMEINFO("getnameinfo", Result.RESOLVER),
  GETPROTOBYNAME("getprotobyname", Result.POINTER),
  GETSERVBYNAME("getservbyname", Result.POINTER),
  GETHOSTNAME("gethostname", Result.INT),
  IF_NAMEINDEX("if_nameindex", Result.REQUIRED_POINTER),
  IF_FREENAMEINDEX("if_freenameindex", Result.NONE),

  // Memory, limits, errors
  MMAP("mmap", Result.LONG),
  MUNMAP("munmap", Result.INT),
  GETRLIMIT("getrlimit", Result.INT),

  /** strerror_r(3) of POSIX: the text is written, the result is an error number or 0. */
  STRERROR_R("strerror_r", Result.NUMBER);

  /** What a function's result is, and how {@link DarwinCalls#call} answers it. */
  public enum Result {
    /** An {@code int}; -1 is a failure, answered as {@code -errno}. */
    INT,
    /** 64 bits, a size or an address; -1 is a failure, answered as {@code -errno}. */
    LONG,
    /** An address, answered as it is; null says that there is nothing, and {@code errno} nothing. */
    POINTER,
    /** An address; null is a failure, answered as {@code -errno}. */
    REQUIRED_POINTER,
    /** An {@code int} that is 0 or an error number, answered as it is. */
    NUMBER,
    /**
     * An {@code int} that is 0 or one of the resolver's numbers, all above 0, answered as it is; with
     * EAI_SYSTEM the upper 32 bits hold {@code errno}.
     */
    RESOLVER,
    /** Nothing, answered as 0. */
    NONE
  }

  private static final int NOT_VARIADIC = -1;

  private final String symbol;
  private final Result result;
  private final int fixedParameters;

  DarwinFunction(String symbol, Result result) {
    this(symbol, result, NOT_VARIADIC);
  }

  DarwinFunction(String symbol, Result result, int fixedParameters) {
    this.symbol = symbol;
    this.result = result;
    this.fixedParameters = fixedParameters;
  }

  /** Its name in C. */
  public String symbol() {
    return symbol;
  }

  /** What its result is. */
  public Result result() {
    return result;
  }

  /**
   * Whether its prototype ends with three dots. On arm64 what stands for them is passed on the stack,
   * so such a function cannot be called as if it had a prototype.
   */
  public boolean isVariadic() {
    return fixedParameters != NOT_VARIADIC;
  }

  /** How many parameters come before the three dots. */
  public int fixedParameters() {
    if (!isVariadic()) {
      throw new IllegalStateException(symbol + " is not variadic");
    }
    return fixedParameters;
  }
}
