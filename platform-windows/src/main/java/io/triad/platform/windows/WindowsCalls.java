package io.triad.platform.windows;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.triad.engine.Message;
import io.triad.engine.NativeAddress;
import io.triad.engine.NonBlockingCalls;
import io.triad.engine.Operation;
import io.triad.engine.Platform;
import io.triad.engine.SocketOption;
import io.triad.platform.windows.ffi.Kernel32;
import io.triad.platform.windows.ffi.WSAPROTOCOL_INFOW;
import io.triad.platform.windows.ffi.Windows;
import io.triad.platform.windows.ffi.Winsock;
import io.triad.platform.windows.ffi.pollfd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.List;

/**
 * The calls on sockets that never wait.
 *
 * <p>Windows has no flag that keeps a single call from waiting, and does not tell the mode of a socket.
 * So every socket is in non-blocking mode: ours from the beginning, one that somebody else has opened
 * from its first use here. Overlapped operations do not care.
 */
final class WindowsCalls implements NonBlockingCalls {
  private final Winsock winsock;
  private final SocketCalls options;
  private final MessageLayout messages;
  private final MemorySegment lengthValue;
  private final MemorySegment flagsValue;
  private final MemorySegment intValue;
  private final MemorySegment info;
  private final MemorySegment polled;

  /** Which descriptors are known to be in non-blocking mode; a handle is a multiple of 4. */
  private final BitSet nonBlocking = new BitSet();

  WindowsCalls(Winsock winsock, SocketCalls options, Arena arena) {
    this.winsock = winsock;
    this.options = options;
    messages = new MessageLayout(arena);
    lengthValue = arena.allocate(JAVA_INT);
    flagsValue = arena.allocate(JAVA_INT);
    intValue = arena.allocate(JAVA_INT);
    info = WSAPROTOCOL_INFOW.allocate(arena);
    polled = pollfd.allocate(arena);
  }

  static int again(int result) {
    return result == -Windows.WSAEWOULDBLOCK() ? AGAIN : result;
  }

  // ---- sockets come and go ----

  @Override
  public int socket(int family, int type, int protocol, boolean nonBlockingMode) {
    int descriptor = winsock.socket(family, type, protocol);
    if (descriptor >= 0 && type == Windows.SOCK_DGRAM()) {
      reportUnreachable(descriptor, false);
    }
    return settle(descriptor, nonBlockingMode);
  }

  /** Sets the mode of a new socket. */
  private int settle(int descriptor, boolean nonBlockingMode) {
    if (descriptor < 0) {
      return descriptor;
    }
    int result = setNonBlocking(descriptor, nonBlockingMode);
    if (result < 0) {
      close(descriptor);
      return result;
    }
    return descriptor;
  }

  /**
   * Whether a socket of datagrams is told when one of its datagrams did not reach anybody. By default
   * all are, which makes the next receive fail, though on a socket with many peers nobody can say
   * whom it concerns. Elsewhere only a connected one is told.
   */
  private void reportUnreachable(int descriptor, boolean report) {
    intValue.set(JAVA_INT, 0, report ? 1 : 0);
    // Refused where nobody is told anyway: by families that are not of the internet.
    int _ = winsock.ioctl(descriptor, Windows.SIO_UDP_CONNRESET(), intValue, MemorySegment.NULL);
  }

  /** There are none; what looks most like it is a connection over the loopback interface. */
  @Override
  public int socketPair(
      int family, int type, int protocol, boolean nonBlockingMode, int[] into) {
    boolean internet = family == Windows.AF_INET() || family == Windows.AF_INET6();
    return internet && type == Windows.SOCK_STREAM()
        ? new LoopbackPair(this, winsock, options, family, protocol).open(nonBlockingMode, into)
        : Platform.UNSUPPORTED;
  }

  /** The same socket by another number, also to a completion port that it belongs to. */
  @Override
  public int duplicate(int descriptor) {
    int result = winsock.duplicateInfo(descriptor, info);
    if (result < 0) {
      return result;
    }
    int duplicate = winsock.socketOf(info);
    if (duplicate >= 0) {
      nonBlocking.set(duplicate / 4, nonBlocking.get(descriptor / 4));
    }
    return duplicate;
  }

  int close(int descriptor) {
    if (descriptor >= 0) {
      nonBlocking.clear(descriptor / 4);
    }
    return winsock.close(descriptor);
  }

  // ---- modes ----

  @Override
  public int setNonBlocking(int descriptor, boolean nonBlockingMode) {
    intValue.set(JAVA_INT, 0, nonBlockingMode ? 1 : 0);
    int result = winsock.ioctl(descriptor, Windows.FIONBIO(), intValue);
    if (result >= 0) {
      nonBlocking.set(descriptor / 4, nonBlockingMode);
    }
    return result;
  }

  /** Sees to it that no call waits. */
  private int ensureNonBlocking(int descriptor) {
    return descriptor >= 0 && nonBlocking.get(descriptor / 4)
        ? 0
        : setNonBlocking(descriptor, true);
  }

  @Override
  public int inheritable(int descriptor) {
    return Kernel32.inheritable(descriptor);
  }

  @Override
  public int setInheritable(int descriptor, boolean inheritable) {
    return Kernel32.setInheritable(descriptor, inheritable);
  }

  // ---- connections ----

  /** Between the two calls a child started elsewhere would inherit it; there is no way around. */
  @Override
  public int accept(int descriptor, boolean nonBlockingMode, NativeAddress peer) {
    lengthValue.set(JAVA_INT, 0, Platform.ADDRESS_BYTES);
    int accepted = winsock.accept(descriptor, peer.memory(), lengthValue);
    if (accepted < 0) {
      return again(accepted);
    }
    peer.setLength(Math.min(lengthValue.get(JAVA_INT, 0), Platform.ADDRESS_BYTES));
    int result = Kernel32.setInheritable(accepted, false);
    if (result < 0) {
      close(accepted);
      return result;
    }
    return settle(accepted, nonBlockingMode);
  }

  @Override
  public int connect(int descriptor, NativeAddress to) {
    int result = winsock.connect(descriptor, to.memory(), to.length());
    if (result == 0 && isDatagram(descriptor)) {
      reportUnreachable(descriptor, true);
    }
    return again(result);
  }

  /**
   * A second connect would begin anew after a failure, and the failure would never be known. The
   * pending error tells, and if there is none, whether there is a peer.
   */
  @Override
  public int connected(int descriptor, NativeAddress to) {
    int error = options.getOption(descriptor, SocketOption.ERROR);
    if (error != 0) {
      return -Math.abs(error);
    }
    int result = options.readAddress(descriptor, true, messages.scratch(Platform.ADDRESS_BYTES));
    return result == -Windows.WSAENOTCONN() ? AGAIN : Math.min(result, 0);
  }

  @Override
  public int shutdown(int descriptor, int how) {
    return winsock.shutdown(descriptor, how);
  }

  // ---- transfers ----

  @Override
  public int send(int descriptor, long address, int length, int flags) {
    int mode = ensureNonBlocking(descriptor);
    return mode < 0
        ? mode
        : outcome(descriptor, winsock.send(descriptor, address, length, flags));
  }

  @Override
  public int receive(int descriptor, long address, int length, int flags) {
    int mode = ensureNonBlocking(descriptor);
    if (mode < 0) {
      return mode;
    }
    int result = winsock.receive(descriptor, address, length, flags);
    // What a datagram has beyond the room for it is gone, and elsewhere that is no error.
    return result == -Windows.WSAEMSGSIZE() ? length : received(descriptor, result);
  }

  @Override
  public int send(int descriptor, Message message, int flags) {
    int mode = ensureNonBlocking(descriptor);
    if (mode < 0) {
      return mode;
    }
    int count = messages.layOut(message);
    int addressBytes = message.address().length();
    int result;
    if (message.controlLength() > 0) {
      result = winsock.sendMessage(descriptor, messages.forSend(message), flags);
    } else if (addressBytes > 0) {
      MemorySegment to = message.address().memory();
      result =
          winsock.sendTo(descriptor, messages.buffers(), count, flags, to, addressBytes);
    } else {
      result = winsock.send(descriptor, messages.buffers(), count, flags);
    }
    return outcome(descriptor, result);
  }

  @Override
  public int receive(int descriptor, Message message, int flags) {
    int mode = ensureNonBlocking(descriptor);
    if (mode < 0) {
      return mode;
    }
    int count = messages.layOut(message);
    if (message.controlLength() > 0) {
      MemorySegment header = messages.forReceive(message, flags);
      int result = winsock.receiveMessage(descriptor, header);
      if (result != -Windows.WSAEOPNOTSUPP() && result != -Windows.WSAEINVAL()) {
        return received(descriptor, messages.received(message, result));
      }
      message.setControlLength(0); // perhaps a stream, which brings none
    }
    return receiveFrom(descriptor, message, count, flags);
  }

  private int receiveFrom(int descriptor, Message message, int count, int flags) {
    NativeAddress from = message.address();
    from.memory().set(JAVA_SHORT, 0, (short) Windows.AF_UNSPEC());
    lengthValue.set(JAVA_INT, 0, Platform.ADDRESS_BYTES);
    flagsValue.set(JAVA_INT, 0, flags);
    int result =
        winsock.receiveFrom(
            descriptor, messages.buffers(), count, flagsValue, from.memory(), lengthValue);
    boolean truncated = result == -Windows.WSAEMSGSIZE();
    if (result < 0 && !truncated) {
      return received(descriptor, result);
    }
    MessageLayout.setAddressLength(message, lengthValue.get(JAVA_INT, 0));
    message.setFlags(truncated ? Windows.MSG_TRUNC() : 0);
    return truncated ? MessageLayout.room(message) : result;
  }

  /** After the receiving direction was shut down comes the end, as everywhere else. */
  private int received(int descriptor, int result) {
    return result == -Windows.WSAESHUTDOWN() ? 0 : outcome(descriptor, result);
  }

  /** What reached nobody is refused, and not a connection reset, where there is none. */
  private int outcome(int descriptor, int result) {
    return result == -Windows.WSAECONNRESET() && isDatagram(descriptor)
        ? -Windows.WSAECONNREFUSED()
        : again(result);
  }

  private boolean isDatagram(int descriptor) {
    return options.getOption(descriptor, SocketOption.TYPE) == Windows.SOCK_DGRAM();
  }

  @Override
  public int isReady(int descriptor, int readiness) {
    return awaitReady(descriptor, readiness, 0);
  }

  /** Waits, but not for long, until a descriptor is ready: 1, or 0 if it is not. */
  int awaitReady(int descriptor, int readiness, int timeoutMillis) {
    pollfd.fd(polled, descriptor);
    int events =
        readiness == Operation.READABLE ? Windows.POLLRDNORM() : Windows.POLLWRNORM();
    pollfd.events(polled, (short) events);
    pollfd.revents(polled, (short) 0);
    int result = winsock.poll(polled, 1, timeoutMillis);
    boolean open = (pollfd.revents(polled) & Windows.POLLNVAL()) == 0;
    if (!open || result == -Windows.WSAENOTSOCK()) {
      return Kernel32.isHandle(descriptor) ? -Windows.WSAENOTSOCK() : -Windows.WSAEBADF();
    }
    return result;
  }

  // ---- control messages ----

  @Override
  public int controlBytes(int dataBytes) {
    return MessageLayout.controlBytes(dataBytes);
  }

  @Override
  public void addControl(Message message, int level, int type, byte[] data) {
    MessageLayout.addControl(message, level, type, data);
  }

  @Override
  public List<ControlMessage> controls(Message message) {
    return MessageLayout.controls(message);
  }
}
