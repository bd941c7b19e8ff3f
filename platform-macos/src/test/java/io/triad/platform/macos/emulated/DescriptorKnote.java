package io.triad.platform.macos.emulated;

import io.triad.platform.macos.emulated.Host.Identity;

/**
 * EVFILT_READ, EVFILT_WRITE and EVFILT_EXCEPT of a descriptor. epoll(7) says only that something has
 * happened; whether there is something to report is asked of the descriptor each time, as Darwin's
 * filters do.
 */
final class DescriptorKnote extends Knote {
  private static final int NOTE_LOWAT = 1;
  private static final int NOTE_OOB = 2;
  private static final int ALL_EVENTS =
      LinuxNumbers.POLLIN
          | LinuxNumbers.POLLPRI
          | LinuxNumbers.POLLOUT
          | LinuxNumbers.POLLRDHUP;
  private static final int SO_ACCEPTCONN = 30;
  private static final int SO_SNDBUF = 7;
  private static final int SEEK_CUR = 1;

  private final EventQueues queues;
  private final int descriptor;
  private Identity identity = Identity.NONE;

  DescriptorKnote(Change change, long id, EventQueues queues) {
    super(change, id);
    this.queues = queues;
    descriptor = (int) change.key().ident();
  }

  @Override
  int attach(Host host) {
    identity = host.identity(descriptor);
    if (identity.equals(Identity.NONE)) {
      return -Errors.EBADF;
    }
    if (key.filter() == EVFILT_EXCEPT && identity.kind() != Identity.SOCKET) {
      return -Errors.EINVAL;
    }
    return switch (identity.kind()) {
      case Identity.REGULAR -> 0; // nothing happens to it that Linux would tell
      case Identity.FOLDER -> -Errors.EINVAL;
      default -> {
        int added = queues.add(host, key.filter(), descriptor, id);
        yield added == -Errors.EPERM ? -Errors.EINVAL : added; // a device like /dev/null
      }
    };
  }

  @Override
  void detach(Host host) {
    if (identity.kind() != Identity.REGULAR) {
      queues.remove(host, key.filter(), descriptor); // fails if the file is closed
    }
  }

  @Override
  boolean isGone(Host host) {
    return !identity.equals(host.identity(descriptor))
        || identity.kind() != Identity.REGULAR
            && !queues.knows(host, key.filter(), descriptor, id);
  }

  /** Whether an event belongs to another file, which got the number since. */
  boolean isOther(Host host) {
    return !identity.equals(host.identity(descriptor));
  }

  @Override
  boolean holds(Host host) {
    if (identity.kind() == Identity.REGULAR) {
      return regularHolds(host);
    }
    Kqueue kqueue = Kqueue.of(descriptor);
    if (kqueue != null) {
      data = kqueue.reportable(host);
      return data > 0;
    }
    int seen = host.poll(descriptor, ALL_EVENTS);
    if (seen < 0) {
      return false;
    }
    if (identity.kind() != Identity.SOCKET) {
      return otherHolds(host, seen);
    }
    OpenSocket socket = OpenSocket.of(host, descriptor);
    return switch (key.filter()) {
      case EVFILT_READ -> readHolds(host, socket, seen);
      case EVFILT_WRITE -> writeHolds(host, socket, seen);
      default -> exceptHolds(host, socket, seen);
    };
  }

  private static boolean has(int seen, int event) {
    return (seen & event) != 0;
  }

  // ---- sockets ----

  private boolean readHolds(Host host, OpenSocket socket, int seen) {
    boolean readable = has(seen, LinuxNumbers.POLLIN);
    if (host.option(descriptor, LinuxNumbers.SOL_SOCKET, SO_ACCEPTCONN) == 1) {
      data = readable ? backlog(host, socket) : 0;
      return readable;
    }
    data = Math.max(0, host.count(descriptor, LinuxNumbers.FIONREAD));
    if (has(wanted, NOTE_OOB) && has(seen, LinuxNumbers.POLLPRI)) {
      filterFlags |= NOTE_OOB;
      return true;
    }
    if (has(seen, LinuxNumbers.POLLRDHUP) || socket.isDead(seen)) {
      return end(host, socket, seen);
    }
    if (socket.isStream() && has(seen, LinuxNumbers.POLLHUP)) {
      return false; // never connected
    }
    if (has(seen, LinuxNumbers.POLLERR)) {
      return true; // of a datagram
    }
    return has(wanted, NOTE_LOWAT) ? data >= Math.max(1, given) : readable;
  }

  private boolean writeHolds(Host host, OpenSocket socket, int seen) {
    int room = host.option(descriptor, LinuxNumbers.SOL_SOCKET, SO_SNDBUF) / 2;
    data = Math.max(1, room - Math.max(0, host.count(descriptor, LinuxNumbers.SIOCOUTQ)));
    if (socket.sendShut || socket.isDead(seen)) {
      return end(host, socket, seen);
    }
    if (socket.isStream() && has(seen, LinuxNumbers.POLLHUP)) {
      return false; // never connected
    }
    if (has(seen, LinuxNumbers.POLLERR)) {
      return true;
    }
    if (socket.isUnixDatagram()) {
      return true; // what is full is the receiver, which Darwin says when it is tried
    }
    boolean writable = has(seen, LinuxNumbers.POLLOUT);
    return has(wanted, NOTE_LOWAT) ? writable && data >= given : writable;
  }

  private boolean exceptHolds(Host host, OpenSocket socket, int seen) {
    if (has(wanted, NOTE_OOB) && has(seen, LinuxNumbers.POLLPRI)) {
      filterFlags |= NOTE_OOB;
      data = 1;
      return true;
    }
    return (has(seen, LinuxNumbers.POLLRDHUP) || socket.isDead(seen)) && end(host, socket, seen);
  }

  private boolean end(Host host, OpenSocket socket, int seen) {
    flags |= EV_EOF;
    filterFlags = socket.pendingError(host, descriptor, seen);
    return true;
  }

  /** How many connections wait: of TCP, tcp(7) TCP_INFO says so in tcpi_unacked. */
  private long backlog(Host host, OpenSocket socket) {
    return socket.isTcp() ? Math.max(1, host.waitingConnections(descriptor)) : 1;
  }

  // ---- other descriptors ----

  private boolean otherHolds(Host host, int seen) {
    boolean read = key.filter() == EVFILT_READ;
    int end = read ? LinuxNumbers.POLLHUP : LinuxNumbers.POLLERR | LinuxNumbers.POLLHUP;
    boolean ready = has(seen, read ? LinuxNumbers.POLLIN : LinuxNumbers.POLLOUT);
    data = 1;
    if (read && identity.kind() == Identity.PIPE) {
      data = Math.max(0, host.count(descriptor, LinuxNumbers.FIONREAD));
    }
    if (has(seen, end)) {
      flags |= EV_EOF;
      return true;
    }
    return ready;
  }

  private boolean regularHolds(Host host) {
    if (key.filter() == EVFILT_WRITE) {
      data = 1;
      return true;
    }
    long position = host.callLong("lseek", descriptor, 0, SEEK_CUR);
    data = host.size(descriptor) - position;
    return data != 0;
  }
}
