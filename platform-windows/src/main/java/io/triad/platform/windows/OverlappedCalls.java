package io.triad.platform.windows;

import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.triad.engine.Operation;
import io.triad.platform.windows.ffi.PortCalls;
import io.triad.platform.windows.ffi.Windows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * How each kind of operation begins as a call of the kernel, and what is left to do after its end.
 * Answers are those of {@link PortCalls}: a count, PENDING, or an error.
 */
final class OverlappedCalls {
  /** So much of a file is one operation at most. */
  private static final int MAX_FILE_BYTES = 1 << 24;

  private final PortCalls calls;
  private final Associations associations;
  private final Ranges ranges;
  private final long unreadAddresses;

  OverlappedCalls(PortCalls calls, Arena arena, Associations associations) {
    this.calls = calls;
    this.associations = associations;
    ranges = new Ranges(arena);
    unreadAddresses = arena.allocate(2L * PortCalls.ACCEPT_ADDRESS_BYTES, 8).address();
  }

  /** Begins an operation that is one call. */
  int call(Overlapped block) {
    Operation operation = block.operation();
    return switch (operation.kind()) {
      case RECEIVE -> receive(block, operation.address(), operation.length());
      case SEND -> {
        ranges.set(operation.address(), Math.min(operation.length(), Ranges.MAX_BYTES));
        yield send(block, 1);
      }
      case SEND_GATHER -> send(block, ranges.set(operation));
      case SEND_FILE -> sendFile(block, operation);
      case CONNECT -> connect(block, operation);
      case SEND_ZERO_COPY, RECEIVE_LOANED, ACCEPT, AWAIT_READY, CLOSE ->
          throw new IllegalArgumentException("not one call: " + operation);
    };
  }

  /** Whether a packet will come after all, of a call that has succeeded at once. */
  private int answer(int socket, int answer) {
    return answer >= 0 && !associations.skips(socket) ? PortCalls.PENDING : answer;
  }

  /** Begins a receive; of no bytes, to be told when there are some. */
  int receive(Overlapped block, long address, int length) {
    int socket = block.operation().descriptor();
    int result = associations.associate(socket);
    if (result < 0) {
      return result;
    }
    ranges.set(address, length);
    block.clear(0);
    return answer(socket, calls.receive(socket, ranges.address(), 1, block.address));
  }

  private int send(Overlapped block, int count) {
    int socket = block.operation().descriptor();
    int result = associations.associate(socket);
    if (result < 0) {
      return result;
    }
    block.clear(0);
    return answer(socket, calls.send(socket, ranges.address(), count, block.address));
  }

  /**
   * The file is opened once more: what the JDK opened has a position, which the kernel would move, and
   * may be closed by the program. Where that is refused, whoever reads the file himself learns why. To
   * ask for more than the file has would be an error.
   */
  private int sendFile(Overlapped block, Operation operation) {
    int socket = operation.descriptor();
    int result = associations.associate(socket);
    if (result < 0) {
      return result;
    }
    int file = calls.reopen(operation.fileDescriptor());
    if (file < 0) {
      return -Windows.WSAEOPNOTSUPP();
    }
    block.companion = file;
    long bytes = calls.fileBytes(file);
    if (bytes < 0) {
      return (int) bytes;
    }
    long left = Math.max(0, bytes - operation.fileOffset());
    int length = (int) Math.min(left, Math.min(operation.length(), MAX_FILE_BYTES));
    if (length == 0) { // which would mean all of it
      return 0;
    }
    block.clear(operation.fileOffset());
    return answer(socket, calls.transmit(socket, file, length, block.address));
  }

  /** ConnectEx wants a socket that is bound, and knows the Internet only. */
  private int connect(Overlapped block, Operation operation) {
    int socket = operation.descriptor();
    if (isLocal(operation)) {
      return calls.connectNow(socket, operation.address(), operation.length());
    }
    int result = associations.associate(socket);
    if (result < 0) {
      return result;
    }
    int bound = calls.bindAnywhere(socket, operation.address());
    if (bound < 0 && bound != -Windows.WSAEINVAL()) { // which says that it is bound already
      return bound;
    }
    block.clear(0);
    return answer(
        socket,
        calls.connect(socket, operation.address(), operation.length(), block.address));
  }

  private static boolean isLocal(Operation connect) {
    MemorySegment address = MemorySegment.ofAddress(connect.address()).reinterpret(Short.BYTES);
    return address.get(JAVA_SHORT_UNALIGNED, 0) == Windows.AF_UNIX();
  }

  /** Makes ready to accept; answers the family of the listener, or an error. */
  int listener(int socket) {
    int family = calls.family(socket);
    int result = family < 0 ? family : associations.associate(socket);
    return result < 0 ? result : family;
  }

  /** Begins to accept a connection on a socket made for it; where it comes from is asked later. */
  int accept(Overlapped block, int listener, int socket) {
    block.clear(0);
    return answer(listener, calls.accept(listener, socket, unreadAddresses, block.address));
  }

  /** Closes a socket. */
  int close(int socket) {
    associations.forget(socket);
    return calls.closeSocket(socket);
  }

  /** Does what is left to do when an operation that is one call has ended; answers its result. */
  int ended(Overlapped block, int ending) {
    Operation operation = block.operation();
    int result = ending;
    if (operation.kind() == Operation.Kind.CONNECT && result >= 0 && !isLocal(operation)) {
      result = calls.finishConnect(operation.descriptor());
    } else if (block.companion != Overlapped.NONE) { // the file
      calls.closeHandle(block.companion);
    }
    return isNothing(operation.descriptor(), result) ? -Windows.WSAEBADF() : result;
  }

  /** Winsock tells no difference between what is no socket and what is nothing at all. */
  private boolean isNothing(int descriptor, int result) {
    return result == -Windows.WSAENOTSOCK() && !calls.isHandle(descriptor);
  }
}
