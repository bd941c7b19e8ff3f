package io.triad.socket;

import io.triad.OsException;
import io.triad.Triad;
import io.triad.descriptor.Errors;
import io.triad.engine.NativeAddress;
import io.triad.engine.NativeBlocks;
import io.triad.engine.Operation;
import io.triad.loop.Fiber;
import io.triad.thread.ThreadOptions;
import io.triad.thread.Threads;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The ends of sockets: their addresses, and new connections. */
final class Endpoints {
  private Endpoints() {}

  static SocketAddress address(Socket socket, boolean peer) throws OsException {
    socket.fiber();
    SocketRun run = socket.run;
    NativeBlocks.Block block = run.loop.blocks().take();
    try {
      int length =
          Attempts.check(
              socket,
              run.platform.readAddress(socket.fileno(), peer, block.memory()),
              peer ? "getpeername" : "getsockname");
      return decoded(socket, block.memory(), length);
    } finally {
      run.loop.blocks().give(block);
    }
  }

  /** No bytes at all are how some systems say that a Unix socket has no name. */
  private static SocketAddress decoded(
      Socket socket, MemorySegment memory, int length) {
    SocketAddress address = SocketAddresses.decode(socket.run, memory, length);
    return address == null ? UnixDomainSocketAddress.of("") : address;
  }

  static void bind(Fiber fiber, Socket socket, SocketAddress address) throws IOException {
    boolean makesFile =
        address instanceof UnixDomainSocketAddress unix && !unix.getPath().toString().isEmpty();
    if (makesFile && socket.run.platform.socketFiles().mayBlock()) {
      bindOnWorker(socket, address);
      return;
    }
    try {
      bindHere(socket, address);
    } finally {
      fiber.yieldNow();
    }
  }

  static void bindHere(Socket socket, SocketAddress address) throws OsException {
    SocketRun run = socket.run;
    NativeAddress to = run.message.address();
    SocketAddresses.encode(run, address, to);
    Attempts.check(
        socket, run.platform.bind(socket.fileno(), to.memory(), to.length()), "bind to " + address);
  }

  /**
   * The worker has a duplicate of the descriptor: another task may close this one meanwhile, and its
   * number become that of another file.
   */
  private static void bindOnWorker(Socket socket, SocketAddress address) throws IOException {
    SocketRun run = socket.run;
    NativeAddress to = new NativeAddress(Arena.ofAuto());
    SocketAddresses.encode(run, address, to);
    int duplicate = run.calls.duplicate(socket.fileno());
    if (duplicate < 0) {
      Triad.cancelShieldedCheckpoint();
      throw Errors.of(run.platform, duplicate, "bind to " + address);
    }
    try {
      int result =
          Threads.toThread(
              ThreadOptions.DEFAULT.withName("bind to " + address),
              () -> run.platform.bindFromAnyThread(duplicate, to.memory(), to.length()));
      Attempts.check(socket, result, "bind to " + address);
    } finally {
      Errors.checkClose(run.platform, run.platform.close(duplicate));
    }
  }

  static Accepted accept(Fiber fiber, Socket socket) throws IOException {
    Acceptance acceptance = new Acceptance(socket);
    try {
      int descriptor =
          Attempts.make(fiber, socket, Operation.READABLE, "accept", acceptance);
      Socket connection =
          new Socket(
              socket.run,
              descriptor,
              socket.family(),
              socket.type(),
              socket.proto(),
              socket.defaults());
      Sockets.applyDefaults(connection);
      return new Accepted(connection, Objects.requireNonNull(acceptance.peer));
    } catch (Throwable e) {
      acceptance.discard();
      throw e;
    }
  }

  /** Taking a connection, which is closed again if something is in the way of returning it. */
  private static final class Acceptance implements Attempts.Attempt {
    private final Socket socket;
    private int descriptor = -1;
    private @Nullable SocketAddress peer;

    Acceptance(Socket socket) {
      this.socket = socket;
    }

    @Override
    public int make() {
      int mode = socket.ensureNonBlocking();
      if (mode < 0) {
        return mode;
      }
      SocketRun run = socket.run;
      NativeAddress address = run.message.address();
      int result =
          run.calls.accept(socket.fileno(), run.loop.engine().wantsNonBlocking(), address);
      if (result >= 0) {
        descriptor = result;
        peer = decoded(socket, address.memory(), address.length());
      }
      return result;
    }

    void discard() throws OsException {
      if (descriptor >= 0) {
        Errors.checkClose(socket.run.platform, socket.run.platform.close(descriptor));
      }
    }
  }

  static boolean isReady(Socket socket, int readiness) throws OsException {
    SocketRun run = socket.run;
    if (socket.fileno() < 0) {
      // poll(2) passes over negative numbers, so another call has to say it.
      Attempts.check(socket, run.calls.inheritable(socket.fileno()), "poll");
    }
    return Attempts.check(socket, run.calls.isReady(socket.fileno(), readiness), "poll") > 0;
  }
}
