package io.triad.net;

import io.triad.CancelScope;
import io.triad.OsException;
import io.triad.engine.NativeAddress;
import io.triad.engine.NonBlockingCalls;
import io.triad.engine.Platform;
import io.triad.engine.SocketFiles;
import io.triad.engine.SocketFiles.Entry;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.socket.Socket;
import io.triad.socket.Sockets;
import io.triad.thread.ThreadOptions;
import io.triad.thread.Threads;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Connecting to Unix sockets, and listening on them.
 *
 * <p>Who may connect is a matter of the file's permissions, which bind(2) takes from the umask of the
 * whole process. They are set here between bind and listen: until then whoever tries is refused, so
 * that at no moment the socket is more open than was asked. If the path is taken, the same is done
 * under another name in the same directory, and rename(2) puts that in the place of the old one: a
 * client finds the old listener or the new one, and never none.
 */
final class UnixSockets {
  private static final int TEMPORARY_NAMES = 0x100_0000;

  private UnixSockets() {}

  /** A socket of streams that is not connected (NET-52). */
  private static Socket open(Fiber fiber) throws IOException {
    OptionalInt family = Sockets.findConstant("AF_UNIX");
    try {
      if (family.isPresent()) {
        return Sockets.socket(family.getAsInt(), fiber.loop().platform().streamType(), 0);
      }
    } catch (OsException e) {
      if (!e.symbol().equals("EAFNOSUPPORT")) {
        throw e;
      }
      throw new UnsupportedOperationException(
          "Unix sockets are not supported on this platform", e);
    }
    throw new UnsupportedOperationException("Unix sockets are not supported on this platform");
  }

  static SocketStream connect(SocketAddress address) throws IOException {
    Socket socket = open(Loop.requireFiber());
    try {
      socket.connect(address);
      return new SocketStream(socket);
    } catch (Throwable e) {
      close(socket, e);
      throw e;
    }
  }

  private static void close(Socket socket, Throwable because) {
    try {
      socket.close();
    } catch (OsException e) {
      because.addSuppressed(e);
    }
  }

  // ---- listening ----

  static UnixListener listen(SocketAddress address, int backlog) throws IOException {
    Socket socket = open(Loop.requireFiber());
    try {
      socket.bind(address);
      socket.listen(Math.min(backlog, Net.MAX_BACKLOG));
      return new UnixListener(new SocketListener(socket), address, null);
    } catch (Throwable e) {
      close(socket, e);
      throw e;
    }
  }

  static UnixListener listen(Path path, UnixListenOptions options) throws IOException {
    Fiber fiber = Loop.requireFiber();
    fiber.checkpointIfCancelled();
    UnixListener[] listener = {null};
    // From here on it takes as long as the file system does, and nothing half-made is left.
    new CancelScope()
        .setShield(true)
        .enter(
            _ -> {
              Socket socket = open(fiber);
              try {
                listener[0] = new Binding(fiber, socket, path, options).make();
              } catch (Throwable e) {
                close(socket, e);
                throw e;
              }
            });
    return listener[0];
  }

  /** Work on files, where it does not hold up the loop. */
  interface FileWork<T extends @Nullable Object> {
    T on(SocketFiles files) throws IOException;
  }

  static <T extends @Nullable Object> T withFiles(Fiber fiber, FileWork<T> work)
      throws IOException {
    SocketFiles files = fiber.loop().platform().socketFiles();
    if (!files.mayBlock()) {
      return work.on(files);
    }
    return Threads.toThread(
        ThreadOptions.DEFAULT.withName("file of a Unix socket"), () -> work.on(files));
  }

  /** One socket on its way to a path. */
  private static final class Binding {
    private final Fiber fiber;
    private final Socket socket;
    private final Path path;
    private final UnixListenOptions options;

    Binding(Fiber fiber, Socket socket, Path path, UnixListenOptions options) {
      this.fiber = fiber;
      this.socket = socket;
      this.path = path;
      this.options = options;
    }

    UnixListener make() throws IOException {
      try {
        socket.bind(UnixDomainSocketAddress.of(path));
      } catch (OsException e) {
        if (!e.symbol().equals("EADDRINUSE")) {
          throw e;
        }
        return replace(e);
      }
      return listenAt(path, null);
    }

    private UnixListener replace(OsException taken) throws IOException {
      Entry old = withFiles(fiber, files -> files.find(path));
      if (old != null && !old.isSocket()) {
        throw new FileAlreadyExistsException(
            path.toString(), null, "this is no socket, and not replaced by one");
      }
      if (!options.replacing() && isAlive()) {
        throw taken;
      }
      return listenAt(bindBeside(taken), taken);
    }

    /** The first name that nobody has: others may be about to do the same, or have died in it. */
    private Path bindBeside(OsException taken) throws IOException {
      for (int i = 0; i < TEMPORARY_NAMES; i++) {
        Path temporary = path.resolveSibling("." + HexFormat.of().toHexDigits(i, 6));
        try {
          socket.bind(UnixDomainSocketAddress.of(temporary));
          return temporary;
        } catch (OsException e) {
          if (!e.symbol().equals("EADDRINUSE")) {
            throw e;
          }
        }
      }
      throw taken;
    }

    /** Begins to listen where it is bound, and moves it to its path from there. */
    private UnixListener listenAt(Path bound, @Nullable OsException taken) throws IOException {
      try {
        Entry file =
            withFiles(
                fiber,
                files -> {
                  files.setPermissions(bound, options.permissions());
                  return files.find(bound);
                });
        socket.listen(Math.min(options.backlog(), Net.MAX_BACKLOG));
        SocketListener listener = new SocketListener(socket);
        if (!bound.equals(path)) {
          moveFrom(bound, taken);
        }
        return new UnixListener(
            listener,
            UnixDomainSocketAddress.of(path),
            file == null || !options.removing() ? null : new UnixListener.Name(path, file.key()));
      } catch (Throwable e) {
        remove(bound, e);
        throw e;
      }
    }

    /** What is there now may be another than a moment ago: somebody else was faster. */
    private void moveFrom(Path temporary, @Nullable OsException taken) throws IOException {
      if (!options.replacing() && taken != null && isAlive()) {
        throw taken;
      }
      withFiles(
          fiber,
          files -> {
            Entry old = files.find(path);
            if (old != null && !old.isSocket()) {
              throw new FileAlreadyExistsException(
                  path.toString(), null, "this is no socket, and not replaced by one");
            }
            files.move(temporary, path);
            return null;
          });
    }

    private void remove(Path bound, Throwable because) {
      try {
        withFiles(
            fiber,
            files -> {
              files.remove(bound);
              return null;
            });
      } catch (IOException e) {
        because.addSuppressed(e);
      }
    }

    /**
     * Whether somebody listens. It costs them a connection that is closed at once. Who cannot be asked
     * is taken to be alive.
     */
    private boolean isAlive() throws IOException {
      Socket probe = open(fiber);
      try (probe; Arena arena = Arena.ofConfined()) {
        Platform platform = fiber.loop().platform();
        NonBlockingCalls calls = platform.calls();
        NativeAddress address = new NativeAddress(arena);
        byte[] name = path.toString().getBytes(SocketFiles.NAMES);
        address.setLength(platform.encodeUnix(name, address.memory()));
        calls.setNonBlocking(probe.fileno(), true); // it is not to wait for a place in the backlog
        int result = calls.connect(probe.fileno(), address);
        String error = result < 0 ? platform.errorName(-result) : "";
        return !error.equals("ECONNREFUSED") && !error.equals("ENOENT");
      }
    }
  }
}
