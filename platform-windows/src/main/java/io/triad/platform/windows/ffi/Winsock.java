package io.triad.platform.windows.ffi;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;

/**
 * The functions of sockets (ws2_32.dll) as Java methods: a result, or {@code -code} with the error
 * number of sockets. An object serves one thread at a time; see {@link NativeCall}.
 *
 * <p>A SOCKET is an {@code int} here: it is a kernel handle, of which 32 bits count.
 */
public final class Winsock {
  private static final int VERSION = 0x0202; // 2.2, the only one since 1996
  private static final int FAILED = -1; // SOCKET_ERROR, INVALID_SOCKET

  /** WSAID_WSARECVMSG, {f689d7c8-6f1f-436b-8a53-e54fe351c322}: mswsock.h. */
  private static final long[] RECEIVE_MESSAGE = {0x436b6f1ff689d7c8L, 0x22c351e34fe5538aL};

  private final NativeCall call;
  private final MemorySegment count;
  private long receiveMessage;

  /** Makes one whose memory lives as long as the arena. */
  public Winsock(Arena arena) {
    Functions.start();
    call = new NativeCall(arena);
    count = arena.allocate(JAVA_LONG);
  }

  /** Linked with the first socket; sockets are started then, once for the process and for good. */
  private static final class Functions {
    static final SymbolLookup WS2 = NativeCall.library("ws2_32");
    static final MemorySegment SOCKET = find("WSASocketW");
    static final MemorySegment DUPLICATE = find("WSADuplicateSocketW");
    static final MemorySegment CLOSE = find("closesocket");
    static final MemorySegment IOCTL = find("ioctlsocket");
    static final MemorySegment WSA_IOCTL = find("WSAIoctl");
    static final MemorySegment BIND = find("bind");
    static final MemorySegment LISTEN = find("listen");
    static final MemorySegment ACCEPT = find("accept");
    static final MemorySegment CONNECT = find("connect");
    static final MemorySegment SHUTDOWN = find("shutdown");
    static final MemorySegment SETSOCKOPT = find("setsockopt");
    static final MemorySegment GETSOCKOPT = find("getsockopt");
    static final MemorySegment GETSOCKNAME = find("getsockname");
    static final MemorySegment GETPEERNAME = find("getpeername");
    static final MemorySegment SEND = find("send");
    static final MemorySegment RECV = find("recv");
    static final MemorySegment WSA_SEND = find("WSASend");
    static final MemorySegment SEND_TO = find("WSASendTo");
    static final MemorySegment RECEIVE_FROM = find("WSARecvFrom");
    static final MemorySegment SEND_MESSAGE = find("WSASendMsg");
    static final MemorySegment POLL = find("WSAPoll");
    static final int STARTED = startUp();

    private Functions() {}

    static MemorySegment find(String name) {
      return NativeCall.find(WS2, name);
    }

    /**
     * Counted by the system, and never taken back: nobody could say when the last socket is gone, and
     * the process takes everything with it.
     */
    private static int startUp() {
      try (Arena arena = Arena.ofConfined()) {
        NativeCall call = new NativeCall(arena);
        MemorySegment data = WSADATA.allocate(arena);
        int result = (int) call.call(find("WSAStartup"), VERSION, data.address(), 0);
        if (result != 0) {
          throw new IllegalStateException("WSAStartup failed: " + result);
        }
        return Short.toUnsignedInt(WSADATA.wVersion(data));
      }
    }

    static void start() {
      if (STARTED != VERSION) {
        throw new IllegalStateException("no Winsock 2.2, but " + Integer.toHexString(STARTED));
      }
    }
  }

  /** Makes sure that sockets are started, for functions of other libraries; any thread. */
  static void start() {
    Functions.start();
  }

  /** A function of ws2_32.dll that others want, with sockets started. */
  static MemorySegment function(String name) {
    Functions.start();
    return Functions.find(name);
  }

  private int result(long result, int socket) {
    return (int) result == FAILED ? failure(socket) : (int) result;
  }

  /**
   * The error of a call on a socket. What is no socket may be a handle of another kind, or none at all,
   * and the latter deserves the name that every other system has for it.
   */
  private int failure(int socket) {
    int failure = call.failure();
    return failure == -Windows.WSAENOTSOCK() && !Kernel32.isHandle(socket)
        ? -Windows.WSAEBADF()
        : failure;
  }

  private int opened(long result) {
    if (result == FAILED) {
      return call.failure();
    }
    int socket = (int) result;
    if (socket != result || socket < 0) {
      throw new IllegalStateException("no handle of 32 bits: 0x" + Long.toHexString(result));
    }
    return OpenHandles.opened(socket);
  }

  // ---- sockets come and go ----

  /** WSASocketW; overlapped, and not inherited by children. */
  public int socket(int family, int type, int protocol) {
    return socket(family, type, protocol, 0);
  }

  /** WSASocketW of what {@link #duplicateInfo} wrote. */
  public int socketOf(MemorySegment info) {
    int fromInfo = Windows.FROM_PROTOCOL_INFO();
    return socket(fromInfo, fromInfo, fromInfo, info.address());
  }

  private int socket(int family, int type, int protocol, long info) {
    int flags = Windows.WSA_FLAG_OVERLAPPED() | Windows.WSA_FLAG_NO_HANDLE_INHERIT();
    return opened(call.call(Functions.SOCKET, family, type, protocol, info, 0, flags, 0));
  }

  /** WSADuplicateSocketW for this process; a WSAPROTOCOL_INFOW is written. */
  public int duplicateInfo(int socket, MemorySegment info) {
    return result(
        call.call(Functions.DUPLICATE, socket, ProcessHandle.current().pid(), info.address(), 0),
        socket);
  }

  /** closesocket. */
  public int close(int socket) {
    OpenHandles.closing(socket);
    return result(call.call(Functions.CLOSE, socket), socket);
  }

  /** ioctlsocket; an int is read or written. */
  public int ioctl(int socket, int command, MemorySegment argument) {
    return result(call.call(Functions.IOCTL, socket, command, argument.address(), 0), socket);
  }

  /** WSAIoctl, at once; how many bytes were written. */
  public int ioctl(int socket, int command, MemorySegment in, MemorySegment out) {
    long result =
        call.call(
            Functions.WSA_IOCTL,
            socket,
            command,
            in.address(),
            in.byteSize(),
            out.address(),
            out.byteSize(),
            count.address(),
            0,
            0,
            0,
            0);
    return (int) result == FAILED ? failure(socket) : count.get(JAVA_INT, 0);
  }

  /**
   * WSAIoctl with SIO_GET_EXTENSION_FUNCTION_POINTER: the address of a function, or {@code -code}.
   *
   * @param id the GUID, as two numbers in the order in which they lie in memory
   */
  private long extension(int socket, long[] id) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pointer = arena.allocate(JAVA_LONG);
      int result =
          ioctl(
              socket,
              Windows.SIO_GET_EXTENSION_FUNCTION_POINTER(),
              arena.allocateFrom(JAVA_LONG, id),
              pointer);
      return result < 0 ? result : pointer.get(JAVA_LONG, 0);
    }
  }

  // ---- addresses, connections ----

  /** bind. */
  public int bind(int socket, MemorySegment address, int length) {
    return result(call.call(Functions.BIND, socket, address.address(), length, 0), socket);
  }

  /** listen. */
  public int listen(int socket, int backlog) {
    return result(call.call(Functions.LISTEN, socket, backlog, 0, 0), socket);
  }

  /**
   * accept; {@code length} is an int in memory, read and written. The connection is inherited by
   * children until {@link Kernel32#setInheritable} is called.
   */
  public int accept(int socket, MemorySegment address, MemorySegment length) {
    long result =
        call.call(Functions.ACCEPT, socket, address.address(), length.address(), 0);
    return result == FAILED ? failure(socket) : opened(result);
  }

  /** connect. */
  public int connect(int socket, MemorySegment address, int length) {
    return result(call.call(Functions.CONNECT, socket, address.address(), length, 0), socket);
  }

  /** shutdown. */
  public int shutdown(int socket, int how) {
    return result(call.call(Functions.SHUTDOWN, socket, how, 0, 0), socket);
  }

  /** getsockname; {@code length} is an int in memory, read and written. */
  public int getsockname(int socket, MemorySegment address, MemorySegment length) {
    return result(
        call.call(Functions.GETSOCKNAME, socket, address.address(), length.address(), 0), socket);
  }

  /** getpeername; {@code length} is an int in memory, read and written. */
  public int getpeername(int socket, MemorySegment address, MemorySegment length) {
    return result(
        call.call(Functions.GETPEERNAME, socket, address.address(), length.address(), 0), socket);
  }

  // ---- options ----

  /** setsockopt. */
  public int setsockopt(int socket, int level, int name, MemorySegment value, int length) {
    return result(
        call.call(Functions.SETSOCKOPT, socket, level, name, value.address(), length, 0, 0),
        socket);
  }

  /** getsockopt; {@code length} is an int in memory, read and written. */
  public int getsockopt(
      int socket, int level, int name, MemorySegment value, MemorySegment length) {
    return result(
        call.call(
            Functions.GETSOCKOPT, socket, level, name, value.address(), length.address(), 0, 0),
        socket);
  }

  // ---- transfers ----

  /** send. */
  public int send(int socket, long address, int length, int flags) {
    return result(call.call(Functions.SEND, socket, address, length, flags), socket);
  }

  /** recv. */
  public int receive(int socket, long address, int length, int flags) {
    return result(call.call(Functions.RECV, socket, address, length, flags), socket);
  }

  /** WSASend, at once; how many bytes. */
  public int send(int socket, MemorySegment buffers, int bufferCount, int flags) {
    return counted(
        call.call(
            Functions.WSA_SEND, socket, buffers.address(), bufferCount, count.address(), flags, 0,
            0),
        socket);
  }

  /** WSASendTo, at once; how many bytes. */
  public int sendTo(
      int socket,
      MemorySegment buffers,
      int bufferCount,
      int flags,
      MemorySegment to,
      int toLength) {
    return counted(
        call.call(
            Functions.SEND_TO,
            socket,
            buffers.address(),
            bufferCount,
            count.address(),
            flags,
            to.address(),
            toLength,
            0,
            0,
            0,
            0),
        socket);
  }

  /**
   * WSARecvFrom, at once; how many bytes. {@code flags} and {@code fromLength} are ints in memory, read
   * and written.
   */
  public int receiveFrom(
      int socket,
      MemorySegment buffers,
      int bufferCount,
      MemorySegment flags,
      MemorySegment from,
      MemorySegment fromLength) {
    return counted(
        call.call(
            Functions.RECEIVE_FROM,
            socket,
            buffers.address(),
            bufferCount,
            count.address(),
            flags.address(),
            from.address(),
            fromLength.address(),
            0,
            0,
            0,
            0),
        socket);
  }

  /** WSASendMsg, at once, of datagrams only; how many bytes. */
  public int sendMessage(int socket, MemorySegment message, int flags) {
    return counted(
        call.call(
            Functions.SEND_MESSAGE, socket, message.address(), flags, count.address(), 0, 0, 0),
        socket);
  }

  /** WSARecvMsg, at once, of datagrams only; how many bytes. */
  public int receiveMessage(int socket, MemorySegment message) {
    if (receiveMessage == 0) {
      long found = extension(socket, RECEIVE_MESSAGE);
      if (found < 0) {
        return (int) found;
      }
      receiveMessage = found;
    }
    return counted(
        call.call(
            MemorySegment.ofAddress(receiveMessage),
            socket,
            message.address(),
            count.address(),
            0,
            0,
            0,
            0),
        socket);
  }

  private int counted(long result, int socket) {
    return (int) result == FAILED ? failure(socket) : count.get(JAVA_INT, 0);
  }

  /** WSAPoll. */
  public int poll(MemorySegment sockets, int socketCount, int timeoutMillis) {
    long result =
        call.call(Functions.POLL, sockets.address(), socketCount, timeoutMillis, 0);
    return (int) result == FAILED ? call.failure() : (int) result;
  }

  /** Text of 16-bit units at an address, which is closed by a zero. */
  public static String text(long address) {
    return MemorySegment.ofAddress(address)
        .reinterpret(Long.MAX_VALUE)
        .getString(0, StandardCharsets.UTF_16LE);
  }
}
