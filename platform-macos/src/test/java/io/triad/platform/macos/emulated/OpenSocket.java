package io.triad.platform.macos.emulated;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What Darwin knows of a socket and Linux does not. Duplicates of a descriptor share it. A descriptor
 * that changed hands behind the emulator's back has another file, which is looked at each time.
 */
final class OpenSocket {
  private static final Map<Integer, OpenSocket> BY_DESCRIPTOR = new ConcurrentHashMap<>();

  /** net.inet.udp.maxdgram and net.local.dgram.maxdgram: as long may a datagram be, to begin with. */
  private static final int UDP_SEND_BYTES = 9216;

  private static final int UNIX_DATAGRAM_SEND_BYTES = 2048;

  private final Host.Identity identity;

  /** In Darwin's numbers; 0 for what is no socket. */
  final int family;

  /** SOCK_STREAM, SOCK_DGRAM, …; 0 for what is no socket. */
  final int type;

  /** Whether it came by socket(2) or so through the emulator, and not from elsewhere. */
  private volatile boolean made;

  /** Whether the code under test has seen to it that a send raises no SIGPIPE. */
  volatile boolean noSigPipe;

  /** Whether a connect(2) goes on. */
  volatile boolean connecting;

  /** Whether a connect(2) has failed, after which there is no other. */
  volatile boolean failed;

  /** Whether the sending direction has been shut at this end. */
  volatile boolean sendShut;

  /** How long a datagram may be. */
  volatile int sendBytes;

  /** so_error, once Linux was asked for it: it tells once. */
  private volatile int pendingError;

  /** Options that Linux does not have, by level and name. */
  private final Map<Long, Integer> remembered = new ConcurrentHashMap<>();

  private OpenSocket(Host host, int descriptor, Host.Identity identity) {
    this.identity = identity;
    boolean socket = identity.kind() == Host.Identity.SOCKET;
    final int linuxType = 3; // SO_TYPE
    final int linuxDomain = 39; // SO_DOMAIN
    type = socket ? host.option(descriptor, LinuxNumbers.SOL_SOCKET, linuxType) : 0;
    family =
        socket
            ? Addresses.darwinFamily(
                host.option(descriptor, LinuxNumbers.SOL_SOCKET, linuxDomain))
            : 0;
    sendBytes = family == Addresses.AF_UNIX ? UNIX_DATAGRAM_SEND_BYTES : UDP_SEND_BYTES;
  }

  /** The socket of a descriptor; one without a type if it is none. */
  static OpenSocket of(Host host, int descriptor) {
    OpenSocket known = BY_DESCRIPTOR.get(descriptor);
    Host.Identity identity = host.identity(descriptor);
    if (known == null || !known.identity.equals(identity)) {
      known = new OpenSocket(host, descriptor, identity);
      BY_DESCRIPTOR.put(descriptor, known);
    }
    return known;
  }

  /** A socket that has just been made, by socket(2), socketpair(2) or accept(2). */
  static OpenSocket made(Host host, int descriptor) {
    OpenSocket socket = new OpenSocket(host, descriptor, host.identity(descriptor));
    socket.made = true;
    BY_DESCRIPTOR.put(descriptor, socket);
    return socket;
  }

  static void duplicated(Host host, int descriptor, int duplicate) {
    BY_DESCRIPTOR.put(duplicate, of(host, descriptor));
  }

  static void closed(int descriptor) {
    BY_DESCRIPTOR.remove(descriptor);
  }

  boolean isStream() {
    return type == LinuxNumbers.SOCK_STREAM;
  }

  boolean isUnixDatagram() {
    return type == LinuxNumbers.SOCK_DGRAM && family == Addresses.AF_UNIX;
  }

  boolean isTcp() {
    return isStream() && family != Addresses.AF_UNIX;
  }

  /**
   * Darwin raises SIGPIPE unless the option SO_NOSIGPIPE says otherwise, or a flag of newer systems.
   * The virtual machine happens to ignore it; a library must not count on that.
   */
  void checkSigPipe(boolean flagged) {
    if (made && !noSigPipe && !flagged) {
      throw new AssertionError("a send raised SIGPIPE: SO_NOSIGPIPE was not set");
    }
  }

  // ---- so_error ----

  /** Whether both directions are shut: reset, refused, or closed from both ends. */
  boolean isDead(int seen) {
    final int both = LinuxNumbers.POLLHUP | LinuxNumbers.POLLRDHUP;
    return failed || (seen & both) == both;
  }

  /** The error of a stream that nobody has been told yet, or 0. */
  int pendingError(Host host, int descriptor, int seen) {
    if (pendingError == 0 && isStream() && (seen & LinuxNumbers.POLLERR) != 0) {
      final int soError = 4;
      int linux = host.option(descriptor, LinuxNumbers.SOL_SOCKET, soError);
      if (linux > 0) {
        fail(Errors.darwin(linux));
      }
    }
    return pendingError;
  }

  /** Keeps an error that Linux has told already. */
  void fail(int error) {
    pendingError = error;
    failed |= connecting;
    connecting = false;
  }

  /** The error that has been kept, which is told once; or 0. */
  int takeError() {
    int error = pendingError;
    pendingError = 0;
    return error;
  }

  // ---- options ----

  void remember(int level, int name, int value) {
    remembered.put((long) level << 32 | name, value);
  }

  int remembered(int level, int name) {
    return remembered.getOrDefault((long) level << 32 | name, 0);
  }
}
