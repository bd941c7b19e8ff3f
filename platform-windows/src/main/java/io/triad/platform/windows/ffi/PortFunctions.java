package io.triad.platform.windows.ffi;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;

/**
 * The functions of Windows that an engine on a completion port calls. What one thread of the loop
 * calls shares a place for the error and some memory; what any thread may call takes its own.
 */
public final class PortFunctions implements PortCalls {
  private static final SymbolLookup KERNEL = NativeCall.library("kernel32");
  private static final SymbolLookup SOCKETS = NativeCall.library("ws2_32");
  private static final SymbolLookup MORE_SOCKETS = NativeCall.library("mswsock");
  private static final SymbolLookup NT = NativeCall.library("ntdll");

  private static final MemorySegment CREATE_PORT =
      NativeCall.find(KERNEL, "CreateIoCompletionPort");
  private static final MemorySegment SET_MODES =
      NativeCall.find(KERNEL, "SetFileCompletionNotificationModes");
  private static final MemorySegment DEQUEUE =
      NativeCall.find(KERNEL, "GetQueuedCompletionStatusEx");
  private static final MemorySegment POST = NativeCall.find(KERNEL, "PostQueuedCompletionStatus");
  private static final MemorySegment CANCEL = NativeCall.find(KERNEL, "CancelIoEx");
  private static final MemorySegment HANDLE_INFORMATION =
      NativeCall.find(KERNEL, "GetHandleInformation");
  private static final MemorySegment REOPEN_FILE = NativeCall.find(KERNEL, "ReOpenFile");
  private static final MemorySegment READ_FILE = NativeCall.find(KERNEL, "ReadFile");
  private static final MemorySegment WRITE_FILE = NativeCall.find(KERNEL, "WriteFile");
  private static final MemorySegment FILE_SIZE = NativeCall.find(KERNEL, "GetFileSizeEx");
  private static final MemorySegment CLOSE_HANDLE = NativeCall.find(KERNEL, "CloseHandle");
  private static final MemorySegment CREATE_EVENT = NativeCall.find(KERNEL, "CreateEventW");
  private static final MemorySegment SET_EVENT = NativeCall.find(KERNEL, "SetEvent");
  private static final MemorySegment WAIT_ONE = NativeCall.find(KERNEL, "WaitForSingleObject");
  private static final MemorySegment WAIT_SEVERAL =
      NativeCall.find(KERNEL, "WaitForMultipleObjects");
  private static final MemorySegment VIRTUAL_ALLOC = NativeCall.find(KERNEL, "VirtualAlloc");
  private static final MemorySegment VIRTUAL_FREE = NativeCall.find(KERNEL, "VirtualFree");
  private static final MemorySegment WSA_STARTUP = NativeCall.find(SOCKETS, "WSAStartup");
  private static final MemorySegment WSA_SOCKET = NativeCall.find(SOCKETS, "WSASocketW");
  private static final MemorySegment CLOSE_SOCKET = NativeCall.find(SOCKETS, "closesocket");
  private static final MemorySegment IOCTL_SOCKET = NativeCall.find(SOCKETS, "ioctlsocket");
  private static final MemorySegment WSA_IOCTL = NativeCall.find(SOCKETS, "WSAIoctl");
  private static final MemorySegment GET_OPTION = NativeCall.find(SOCKETS, "getsockopt");
  private static final MemorySegment SET_OPTION = NativeCall.find(SOCKETS, "setsockopt");
  private static final MemorySegment BIND = NativeCall.find(SOCKETS, "bind");
  private static final MemorySegment CONNECT = NativeCall.find(SOCKETS, "connect");
  private static final MemorySegment WSA_RECEIVE = NativeCall.find(SOCKETS, "WSARecv");
  private static final MemorySegment WSA_SEND = NativeCall.find(SOCKETS, "WSASend");
  private static final MemorySegment TRANSMIT_FILE = NativeCall.find(MORE_SOCKETS, "TransmitFile");
  private static final MemorySegment NT_CREATE_FILE = NativeCall.find(NT, "NtCreateFile");
  private static final MemorySegment NT_SET_INFORMATION =
      NativeCall.find(NT, "NtSetInformationFile");
  private static final MemorySegment NT_CONTROL = NativeCall.find(NT, "NtDeviceIoControlFile");
  private static final MemorySegment STATUS_TO_ERROR = NativeCall.find(NT, "RtlNtStatusToDosError");

  private static final int WINSOCK_2_2 = 0x202;
  private static final int PROTOCOL_INFO_BYTES = 628; // sizeof(WSAPROTOCOL_INFOW)
  private static final int PROTOCOL_INFO_FAMILY_AT = 76;
  private static final String SOCKET_DRIVER = "\\Device\\Afd\\Triad";

  /** Names of functions: mswsock.h, WSAID_ACCEPTEX and WSAID_CONNECTEX; in the order of memory. */
  private static final long[] ACCEPT_EX = {0x11cfcbacb5367df1L, 0x92a1485f8000ca95L};

  private static final long[] CONNECT_EX = {0x4660ddf325a207b9L, 0x3e06748ce576e98eL};

  private final NativeCall on;

  /** For what calls write and take by reference; each says what of it it uses. */
  private final MemorySegment scratch;

  private MemorySegment acceptEx = MemorySegment.NULL;
  private MemorySegment connectEx = MemorySegment.NULL;

  /** Makes them; their memory lives as long as the arena. */
  public PortFunctions(Arena arena) {
    on = new NativeCall(arena);
    scratch = arena.allocate(1024, 16);
    int failure = (int) on.call(WSA_STARTUP, WINSOCK_2_2, at(0), 0);
    if (failure != 0) {
      throw new IllegalStateException("WSAStartup failed: " + failure);
    }
  }

  private long at(int offset) {
    return scratch.address() + offset;
  }

  /** What an overlapped call has said: how many bytes, from {@code scratch}; PENDING; or the error. */
  private int overlappedResult(boolean done) {
    if (done) {
      return scratch.get(JAVA_INT, 0);
    }
    int failure = on.failure();
    return failure == -Windows.ERROR_IO_PENDING() ? PENDING : failure;
  }

  // ---- the port ----

  @Override
  public int createPort() {
    long port = on.call(CREATE_PORT, -1, 0, 0, 1, 0);
    return OpenHandles.opened(port == 0 ? on.failure() : (int) port);
  }

  @Override
  public int associate(int handle, int port, long key) {
    return on.call(CREATE_PORT, handle, port, key) == 0 ? on.failure() : 0;
  }

  @Override
  public int reassociate(int handle, int port, long key) {
    scratch.set(JAVA_LONG, 16, port); // FILE_COMPLETION_INFORMATION; at 0 the IO_STATUS_BLOCK
    scratch.set(JAVA_LONG, 24, key);
    return ofStatus(
        (int) on.call(
            NT_SET_INFORMATION,
            handle,
            at(0),
            at(16),
            16,
            Windows.FileReplaceCompletionInformation()));
  }

  @Override
  public int skipOnSuccess(int handle) {
    return on.ofBoolean(
        on.call(
            SET_MODES,
            handle,
            Windows.FILE_SKIP_COMPLETION_PORT_ON_SUCCESS()
                | Windows.FILE_SKIP_SET_EVENT_ON_HANDLE(),
            0));
  }

  @Override
  public int dequeue(int port, long entries, int count, int millis) {
    int done = (int) on.call(DEQUEUE, port, entries, count, at(0), millis);
    if (done != 0) {
      return scratch.get(JAVA_INT, 0);
    }
    int failure = on.failure();
    return failure == -Windows.WAIT_TIMEOUT() ? 0 : failure;
  }

  /** Called for every wake-up: which error it was, of the few that there are, is not worth an arena. */
  @Override
  public int post(int port, int bytes, long key, long overlapped) {
    long result = NativeCall.unread().call(POST, port, bytes, key, overlapped, 0);
    return (int) result == 0 ? -Windows.ERROR_GEN_FAILURE() : 0;
  }

  @Override
  public int cancel(int handle, long overlapped) {
    return on.ofBoolean(on.call(CANCEL, handle, overlapped, 0));
  }

  @Override
  public int win32Error(int status) {
    return (int) on.call(STATUS_TO_ERROR, status);
  }

  /** 0, PENDING or the Win32 error of an NTSTATUS. */
  private int ofStatus(int status) {
    if (status == Windows.STATUS_PENDING()) {
      return PENDING;
    }
    return status >= 0 ? 0 : -win32Error(status);
  }

  // ---- sockets ----

  @Override
  public int openStream(int family) {
    long socket =
        on.call(
            WSA_SOCKET,
            family,
            Windows.SOCK_STREAM(),
            0,
            0,
            0,
            Windows.WSA_FLAG_OVERLAPPED() | Windows.WSA_FLAG_NO_HANDLE_INHERIT(), 0, 0);
    if (socket == -1) {
      return on.failure();
    }
    OpenHandles.opened((int) socket);
    scratch.set(JAVA_INT, 0, 1);
    int result = on.ofSocketCall(on.call(IOCTL_SOCKET, socket, Windows.FIONBIO(), at(0)));
    if (result < 0) {
      closeSocket((int) socket);
      return result;
    }
    return (int) socket;
  }

  @Override
  public int closeSocket(int socket) {
    OpenHandles.closing(socket);
    return on.ofSocketCall(on.call(CLOSE_SOCKET, socket));
  }

  @Override
  public boolean isHandle(int handle) {
    return (int) on.call(HANDLE_INFORMATION, handle, at(0), 0) != 0;
  }

  /** Has WSAPROTOCOL_INFOW written to 16. */
  private int readProtocol(int socket) {
    scratch.set(JAVA_INT, 0, PROTOCOL_INFO_BYTES);
    return on.ofSocketCall(
        on.call(
            GET_OPTION,
            socket,
            Windows.SOL_SOCKET(),
            Windows.SO_PROTOCOL_INFOW(),
            at(16),
            at(0)));
  }

  @Override
  public int family(int socket) {
    int result = readProtocol(socket);
    return result < 0 ? result : scratch.get(JAVA_INT, 16 + PROTOCOL_INFO_FAMILY_AT);
  }

  @Override
  public int isKernelHandle(int socket) {
    int result = readProtocol(socket);
    if (result < 0) {
      return result;
    }
    return (scratch.get(JAVA_INT, 16) & Windows.XP1_IFS_HANDLES()) != 0 ? 1 : 0;
  }

  private int ioctl(int socket, int code, long input, int inputBytes, long output) {
    return on.ofSocketCall(
        on.call(
            WSA_IOCTL, socket, code, input, inputBytes, output, Long.BYTES, at(0), 0));
  }

  @Override
  public int beneath(int socket, int code) {
    int result = ioctl(socket, code, 0, 0, at(16));
    return result < 0 ? result : (int) scratch.get(JAVA_LONG, 16);
  }

  @Override
  public int receive(int socket, long ranges, int count, long overlapped) {
    scratch.set(JAVA_INT, 8, 0); // flags
    return overlappedResult(
        (int) on.call(WSA_RECEIVE, socket, ranges, count, at(0), at(8), overlapped, 0, 0) == 0);
  }

  @Override
  public int send(int socket, long ranges, int count, long overlapped) {
    return overlappedResult(
        (int) on.call(WSA_SEND, socket, ranges, count, at(0), 0, overlapped, 0, 0) == 0);
  }

  @Override
  public int accept(int listener, int accepted, long addresses, long overlapped) {
    if (acceptEx.address() == 0) {
      int result = loadExtensions(listener);
      if (result < 0) {
        return result;
      }
    }
    return overlappedResult(
        (int) on.call(
            acceptEx,
            listener,
            accepted,
            addresses,
            0,
            ACCEPT_ADDRESS_BYTES,
            ACCEPT_ADDRESS_BYTES,
            at(0),
            overlapped)
            != 0);
  }

  /** The pointers serve every socket of the system's own provider. */
  private int loadExtensions(int socket) {
    long accept = extension(socket, ACCEPT_EX);
    long connect = accept < 0 ? accept : extension(socket, CONNECT_EX);
    if (connect < 0) {
      return (int) connect;
    }
    acceptEx = MemorySegment.ofAddress(accept);
    connectEx = MemorySegment.ofAddress(connect);
    return 0;
  }

  private long extension(int socket, long[] name) {
    scratch.set(JAVA_LONG, 16, name[0]);
    scratch.set(JAVA_LONG, 24, name[1]);
    int result = ioctl(socket, Windows.SIO_GET_EXTENSION_FUNCTION_POINTER(), at(16), 16, at(32));
    return result < 0 ? result : scratch.get(JAVA_LONG, 32);
  }

  @Override
  public int finishAccept(int accepted, int listener) {
    scratch.set(JAVA_LONG, 0, listener);
    return on.ofSocketCall(
        on.call(
            SET_OPTION,
            accepted,
            Windows.SOL_SOCKET(),
            Windows.SO_UPDATE_ACCEPT_CONTEXT(),
            at(0),
            Long.BYTES));
  }

  @Override
  public int bindAnywhere(int socket, long address) {
    short family = familyOf(address);
    scratch.asSlice(0, 32).fill((byte) 0);
    scratch.set(JAVA_SHORT, 0, family);
    int length = family == Windows.AF_INET6() ? 28 : 16; // sockaddr_in6, sockaddr_in
    return on.ofSocketCall(on.call(BIND, socket, at(0), length));
  }

  private static short familyOf(long address) {
    return MemorySegment.ofAddress(address)
        .reinterpret(Short.BYTES)
        .get(ValueLayout.JAVA_SHORT_UNALIGNED, 0);
  }

  @Override
  public int connectNow(int socket, long address, int length) {
    return on.ofSocketCall(on.call(CONNECT, socket, address, length));
  }

  @Override
  public int connect(int socket, long address, int length, long overlapped) {
    if (connectEx.address() == 0) {
      int result = loadExtensions(socket);
      if (result < 0) {
        return result;
      }
    }
    return overlappedResult(
        (int) on.call(connectEx, socket, address, length, 0, 0, at(0), overlapped, 0) != 0);
  }

  @Override
  public int finishConnect(int socket) {
    return on.ofSocketCall(
        on.call(
            SET_OPTION,
            socket,
            Windows.SOL_SOCKET(),
            Windows.SO_UPDATE_CONNECT_CONTEXT()));
  }

  // ---- files, and all else that has an offset ----

  @Override
  public int readFile(int handle, long buffer, int length, long overlapped) {
    return overlappedResult(
        (int) on.call(READ_FILE, handle, buffer, length, at(0), overlapped) != 0);
  }

  @Override
  public int writeFile(int handle, long data, int length, long overlapped) {
    return overlappedResult(
        (int) on.call(WRITE_FILE, handle, data, length, at(0), overlapped) != 0);
  }

  @Override
  public int reopen(int file) {
    int share =
        Windows.FILE_SHARE_READ() | Windows.FILE_SHARE_WRITE() | Windows.FILE_SHARE_DELETE();
    int flags = Windows.FILE_FLAG_OVERLAPPED() | Windows.FILE_FLAG_SEQUENTIAL_SCAN();
    long handle = on.call(REOPEN_FILE, file, Windows.GENERIC_READ(), share, flags, 0);
    return OpenHandles.opened(handle == -1 ? on.failure() : (int) handle);
  }

  @Override
  public long fileBytes(int file) {
    return (int) on.call(FILE_SIZE, file, at(0), 0) == 0 ? on.failure() : scratch.get(JAVA_LONG, 0);
  }

  @Override
  public int transmit(int socket, int file, int length, long overlapped) {
    // It has no parameter for how many were sent: the OVERLAPPED says it.
    if ((int) on.call(TRANSMIT_FILE, socket, file, length, 0, overlapped) == 0) {
      return overlappedResult(false);
    }
    return (int) MemorySegment.ofAddress(overlapped).reinterpret(2 * Long.BYTES).get(JAVA_LONG, 8);
  }

  // ---- readiness ----

  @Override
  public int openSocketDriver() {
    int chars = SOCKET_DRIVER.length() * Character.BYTES;
    for (int i = 0; i < SOCKET_DRIVER.length(); i++) {
      scratch.set(ValueLayout.JAVA_CHAR, 128 + 2L * i, SOCKET_DRIVER.charAt(i));
    }
    MemorySegment name = scratch.asSlice(32, UNICODE_STRING.layout());
    UNICODE_STRING.Length(name, (short) chars);
    UNICODE_STRING.MaximumLength(name, (short) chars);
    UNICODE_STRING.Buffer(name, scratch.asSlice(128));
    MemorySegment attributes = scratch.asSlice(64, OBJECT_ATTRIBUTES.layout());
    attributes.fill((byte) 0);
    OBJECT_ATTRIBUTES.Length(attributes, (int) OBJECT_ATTRIBUTES.layout().byteSize());
    OBJECT_ATTRIBUTES.ObjectName(attributes, name);
    int status =
        (int) on.call(
            NT_CREATE_FILE,
            at(0), // the handle
            Windows.SYNCHRONIZE(),
            attributes.address(),
            at(16), // an IO_STATUS_BLOCK
            0,
            0,
            Windows.FILE_SHARE_READ() | Windows.FILE_SHARE_WRITE(),
            Windows.FILE_OPEN());
    return OpenHandles.opened(
        status < 0 ? ofStatus(status) : (int) scratch.get(JAVA_LONG, 0));
  }

  @Override
  public int pollSocket(int driver, long block, long question) {
    int bytes = (int) AFD_POLL_INFO.layout().byteSize();
    int status =
        (int) on.call(
            NT_CONTROL,
            driver,
            0,
            0,
            block, // comes back with the packet
            block,
            Windows.IOCTL_AFD_POLL(),
            question,
            bytes,
            question,
            bytes, 0);
    return ofStatus(status);
  }

  // ---- other objects ----

  @Override
  public int closeHandle(int handle) {
    OpenHandles.closing(handle);
    try (Arena arena = Arena.ofConfined()) {
      NativeCall own = new NativeCall(arena);
      return own.ofBoolean(own.call(CLOSE_HANDLE, handle));
    }
  }

  @Override
  public int makeEvent() {
    try (Arena arena = Arena.ofConfined()) {
      NativeCall own = new NativeCall(arena);
      long event = own.call(CREATE_EVENT, 0, 1, 0);
      return OpenHandles.opened(event == 0 ? own.failure() : (int) event);
    }
  }

  @Override
  public int signal(int event) {
    try (Arena arena = Arena.ofConfined()) {
      NativeCall own = new NativeCall(arena);
      return own.ofBoolean(own.call(SET_EVENT, event));
    }
  }

  @Override
  public int isSignalled(int handle) {
    try (Arena arena = Arena.ofConfined()) {
      NativeCall own = new NativeCall(arena);
      int result = (int) own.call(WAIT_ONE, handle);
      if (result == Windows.WAIT_FAILED()) {
        return own.failure();
      }
      return result == Windows.WAIT_TIMEOUT() ? 0 : 1;
    }
  }

  @Override
  public int waitForEither(int first, int second) {
    try (Arena arena = Arena.ofConfined()) {
      NativeCall own = new NativeCall(arena);
      MemorySegment handles = arena.allocate(JAVA_LONG, 2);
      handles.setAtIndex(JAVA_LONG, 0, first);
      handles.setAtIndex(JAVA_LONG, 1, second);
      int result =
          (int) own.call(WAIT_SEVERAL, 2, handles.address(), 0, Windows.INFINITE(), 0);
      if (result == Windows.WAIT_FAILED()) {
        return own.failure();
      }
      return result & 1; // WAIT_OBJECT_0 and WAIT_ABANDONED_0 are even
    }
  }

  @Override
  public MemorySegment pages(Arena arena, long bytes) {
    long address =
        on.call(
            VIRTUAL_ALLOC,
            0,
            bytes,
            Windows.MEM_RESERVE() | Windows.MEM_COMMIT(),
            Windows.PAGE_READWRITE(), 0);
    if (address == 0) {
      throw new OutOfMemoryError("VirtualAlloc of " + bytes + " bytes failed: " + -on.failure());
    }
    return MemorySegment.ofAddress(address)
        .reinterpret(bytes, arena, pages -> release(pages.address()));
  }

  private static void release(long address) {
    try (Arena arena = Arena.ofConfined()) {
      NativeCall own = new NativeCall(arena);
      int result = own.ofBoolean(own.call(VIRTUAL_FREE, address, 0, Windows.MEM_RELEASE()));
      assert result == 0 : result;
    }
  }
}
