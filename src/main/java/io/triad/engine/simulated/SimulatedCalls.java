package io.triad.engine.simulated;

import io.triad.engine.Message;
import io.triad.engine.NativeAddress;
import io.triad.engine.NonBlockingCalls;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;

/**
 * The calls that never wait, in a {@link World}. The mode of a descriptor is of no account here: no
 * call waits. Of control messages there are but those that carry descriptors over Unix sockets
 * (SCM_RIGHTS); sending another is EINVAL, and none arrives.
 */
final class SimulatedCalls implements NonBlockingCalls {
  private final World world;

  SimulatedCalls(World world) {
    this.world = world;
  }

  private int alone(IntSupplier call) {
    world.enter();
    try {
      return call.getAsInt();
    } finally {
      world.exit();
    }
  }

  /** Makes a call on a socket, alone in the world. */
  private int call(int descriptor, ToIntFunction<OpenSocket> call) {
    return alone(
        () -> {
          OpenSocket socket = world.descriptors().get(descriptor);
          return socket == null ? Errno.EBADF.negated() : call.applyAsInt(socket);
        });
  }

  // ---- descriptors ----

  @Override
  public int socket(int family, int type, int protocol, boolean nonBlocking) {
    return alone(
        () -> {
          int refusal = Sockets.refuses(family, type, protocol);
          if (refusal == 0) {
            refusal = world.refusesDescriptor();
          }
          if (refusal < 0) {
            int error = -refusal;
            world.note(() -> "socket: " + Errno.name(error));
            return refusal;
          }
          return world.addDescriptor(Sockets.open(world, family, type));
        });
  }

  @Override
  public int socketPair(int family, int type, int protocol, boolean nonBlocking, int[] into) {
    return alone(
        () -> {
          int refusal = Sockets.refuses(family, type, protocol);
          if (refusal == 0) {
            refusal =
                family == UnixName.AF_UNIX
                    ? world.refusesDescriptor()
                    : Errno.EOPNOTSUPP.negated();
          }
          if (refusal < 0) {
            return refusal;
          }
          if (world.descriptors().left() < 2) {
            return Errno.EMFILE.negated();
          }
          OpenSocket[] pair = Sockets.pair(world, type);
          into[0] = world.addDescriptor(pair[0]);
          into[1] = world.addDescriptor(pair[1]);
          return 0;
        });
  }

  @Override
  public int duplicate(int descriptor) {
    return call(
        descriptor,
        socket -> world.descriptors().isFull()
            ? Errno.EMFILE.negated()
            : world.addDescriptor(socket));
  }

  @Override
  public int setNonBlocking(int descriptor, boolean nonBlocking) {
    return call(descriptor, _ -> 0);
  }

  @Override
  public int inheritable(int descriptor) {
    return call(descriptor, _ -> world.descriptors().isInheritable(descriptor) ? 1 : 0);
  }

  @Override
  public int setInheritable(int descriptor, boolean inheritable) {
    return call(
        descriptor,
        _ -> {
          world.descriptors().setInheritable(descriptor, inheritable);
          return 0;
        });
  }

  // ---- connections ----

  @Override
  public int accept(int descriptor, boolean nonBlocking, NativeAddress peer) {
    return call(
        descriptor,
        listener -> {
          int accepted = listener.accept();
          if (accepted >= 0
              && world.descriptors().get(accepted) instanceof StreamSocket connection) {
            peer.setLength(connection.writeRemote(peer.memory()));
          }
          return accepted;
        });
  }

  @Override
  public int connect(int descriptor, NativeAddress to) {
    return call(descriptor, socket -> socket.connect(to.memory(), to.length()));
  }

  @Override
  public int connected(int descriptor, NativeAddress to) {
    return call(descriptor, OpenSocket::connectOutcome);
  }

  @Override
  public int isReady(int descriptor, int readiness) {
    return call(descriptor, socket -> (socket.readiness() & readiness) == 0 ? 0 : 1);
  }

  @Override
  public int shutdown(int descriptor, int how) {
    boolean known = how >= OpenSocket.SHUT_RECEIVING && how <= OpenSocket.SHUT_BOTH;
    return call(descriptor, socket -> known ? socket.shutdown(how) : Errno.EINVAL.negated());
  }

  // ---- transfers ----

  private static boolean isOutOfBand(int flags) {
    return (flags & Constants.MSG_OOB) != 0;
  }

  @Override
  public int send(int descriptor, long address, int length, int flags) {
    return call(
        descriptor,
        socket -> isOutOfBand(flags)
            ? Errno.EOPNOTSUPP.negated()
            : socket.send(Ranges.of(address, length), MemorySegment.NULL, 0, List.of()));
  }

  @Override
  public int receive(int descriptor, long address, int length, int flags) {
    int refusal = refusesToReceive(flags);
    return call(
        descriptor,
        socket -> refusal < 0
            ? refusal
            : socket.receive(Ranges.of(address, length), flags).withoutRights());
  }

  /** Nothing is out of band here, and no socket has a queue of errors with anything in it. */
  private static int refusesToReceive(int flags) {
    if (isOutOfBand(flags)) {
      return Errno.EINVAL.negated();
    }
    return (flags & Constants.MSG_ERRQUEUE) != 0 ? AGAIN : 0;
  }

  @Override
  public int send(int descriptor, Message message, int flags) {
    return call(
        descriptor,
        socket -> {
          if (isOutOfBand(flags)) {
            return Errno.EOPNOTSUPP.negated();
          }
          List<OpenSocket> rights = new ArrayList<>();
          int refusal = Controls.rights(world, message, rights);
          return refusal < 0
              ? refusal
              : socket.send(
                  Ranges.of(message),
                  message.address().memory(),
                  message.address().length(),
                  rights);
        });
  }

  @Override
  public int receive(int descriptor, Message message, int flags) {
    int refusal = refusesToReceive(flags);
    return call(
        descriptor,
        socket -> {
          Received received =
              refusal < 0 ? Received.of(refusal) : socket.receive(Ranges.of(message), flags);
          if (received.result() >= 0) {
            Address from = received.from();
            message
                .address()
                .setLength(from == null ? 0 : socket.write(from, message.address().memory()));
            int cutOff = Controls.deliver(world, received.rights(), message);
            message.setFlags(received.flags() | cutOff);
          }
          return received.result();
        });
  }

  // ---- control messages ----

  @Override
  public void addControl(Message message, int level, int type, byte[] data) {
    Controls.add(message, new ControlMessage(level, type, data));
  }

  @Override
  public List<ControlMessage> controls(Message message) {
    return Controls.read(message);
  }

  @Override
  public int controlBytes(int dataBytes) {
    return Controls.bytes(dataBytes);
  }
}
