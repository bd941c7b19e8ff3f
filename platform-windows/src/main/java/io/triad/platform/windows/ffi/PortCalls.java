package io.triad.platform.windows.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The calls of the kernel that an engine on a completion port is made of. A result is ≥ 0 or {@code
 * -code}, as {@code GetLastError} or {@code WSAGetLastError} tell it; {@link #PENDING} is what an
 * overlapped call answers whose end a packet will tell. Addresses are of native memory.
 *
 * <p>{@link PortFunctions} are the real ones. Tests have others, because how a call ends, at once or by
 * a packet, before or after it is cancelled, is up to the kernel, and an engine must know all ways.
 */
public interface PortCalls {
  /** The call goes on; a packet will tell its end. */
  int PENDING = Integer.MIN_VALUE + 5;

  // ---- the port ----

  /** CreateIoCompletionPort: a new port for one thread. */
  int createPort();

  /**
   * CreateIoCompletionPort: has the packets of a handle go to a port; ERROR_INVALID_PARAMETER if they
   * go to one already, whichever it is.
   */
  int associate(int handle, int port, long key);

  /** NtSetInformationFile, FileReplaceCompletionInformation: the same, whatever was before. */
  int reassociate(int handle, int port, long key);

  /** SetFileCompletionNotificationModes: no packet for a call that succeeds at once, and no event. */
  int skipOnSuccess(int handle);

  /**
   * GetQueuedCompletionStatusEx.
   *
   * @param entries room for {@code count} OVERLAPPED_ENTRYs
   * @param millis how long to wait; -1 for ever
   * @return how many there are; 0 if the time is over
   */
  int dequeue(int port, long entries, int count, int millis);

  /** PostQueuedCompletionStatus; any thread. */
  int post(int port, int bytes, long key, long overlapped);

  /** CancelIoEx. */
  int cancel(int handle, long overlapped);

  /** RtlNtStatusToDosError: what Win32 calls a status; at least 0. */
  int win32Error(int status);

  // ---- sockets ----

  /** WSASocketW: a TCP socket of a family, overlapped, not inherited, in non-blocking mode. */
  int openStream(int family);

  /** closesocket. */
  int closeSocket(int socket);

  /** Whether a number stands for anything at all: GetHandleInformation. */
  boolean isHandle(int handle);

  /** The family of a socket: SO_PROTOCOL_INFOW. */
  int family(int socket);

  /**
   * Whether the handle of a socket is one of the kernel's, not one that a layered provider made: 1 or
   * 0; SO_PROTOCOL_INFOW, XP1_IFS_HANDLES.
   */
  int isKernelHandle(int socket);

  /** WSAIoctl with SIO_BASE_HANDLE or SIO_BSP_HANDLE_POLL: the socket beneath layered providers. */
  int beneath(int socket, int code);

  /** WSARecv into WSABUFs. */
  int receive(int socket, long ranges, int count, long overlapped);

  /** WSASend from WSABUFs. */
  int send(int socket, long ranges, int count, long overlapped);

  /**
   * AcceptEx, without waiting for data.
   *
   * @param accepted a new socket, which becomes the connection
   * @param addresses room for two addresses of {@link #ACCEPT_ADDRESS_BYTES}
   */
  int accept(int listener, int accepted, long addresses, long overlapped);

  /** The room for one address that AcceptEx wants: 16 more than any has. */
  int ACCEPT_ADDRESS_BYTES = 128 + 16;

  /** SO_UPDATE_ACCEPT_CONTEXT: makes what AcceptEx accepted a connection like any other. */
  int finishAccept(int accepted, int listener);

  /** bind to any address and port of the family that an address has. */
  int bindAnywhere(int socket, long address);

  /** connect: for families that ConnectEx does not know. */
  int connectNow(int socket, long address, int length);

  /** ConnectEx, of a socket that is bound. */
  int connect(int socket, long address, int length, long overlapped);

  /** SO_UPDATE_CONNECT_CONTEXT: makes what ConnectEx connected a connection like any other. */
  int finishConnect(int socket);

  // ---- files, and all else that has an offset ----

  /** ReadFile, from the offset in the OVERLAPPED. */
  int readFile(int handle, long buffer, int length, long overlapped);

  /** WriteFile, to the offset in the OVERLAPPED. */
  int writeFile(int handle, long data, int length, long overlapped);

  /** ReOpenFile, for overlapped reading from front to back. */
  int reopen(int file);

  /** GetFileSizeEx. */
  long fileBytes(int file);

  /** TransmitFile, from the offset in the OVERLAPPED. */
  int transmit(int socket, int file, int length, long overlapped);

  // ---- readiness ----

  /** NtCreateFile of the driver behind the sockets. */
  int openSocketDriver();

  /**
   * NtDeviceIoControlFile, IOCTL_AFD_POLL: asks when a socket is ready.
   *
   * @param block an OVERLAPPED, of which its first half serves as IO_STATUS_BLOCK
   * @param question an AFD_POLL_INFO, and room for the answer
   */
  int pollSocket(int driver, long block, long question);

  // ---- other objects ----

  /** CloseHandle; any thread. */
  int closeHandle(int handle);

  /** CreateEventW: one that stays signalled, and is not yet; any thread. */
  int makeEvent();

  /** SetEvent; any thread. */
  int signal(int event);

  /** WaitForSingleObject without waiting: 1 or 0; any thread. */
  int isSignalled(int handle);

  /** WaitForMultipleObjects with two objects: 0 or 1; any thread. */
  int waitForEither(int first, int second);

  /** VirtualAlloc: pages that cost nothing until they are touched; given back with the arena. */
  MemorySegment pages(Arena arena, long bytes);
}
