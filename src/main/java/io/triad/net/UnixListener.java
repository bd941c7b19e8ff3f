package io.triad.net;

import io.triad.CancelScope;
import io.triad.engine.SocketFiles.Entry;
import io.triad.loop.Loop;
import io.triad.socket.Socket;
import io.triad.stream.Listener;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A Unix socket that takes connections. Made by {@link Net#openUnixListener}.
 *
 * <p>It belongs to the run in which it was opened and is used by its tasks only.
 */
public final class UnixListener implements Listener<SocketStream> {
  private final SocketListener listener;
  private final SocketAddress address;
  private @Nullable Name toRemove;

  /** A path, and the file that was there when this listener came to it. */
  record Name(Path path, Object key) {}

  UnixListener(SocketListener listener, SocketAddress address, @Nullable Name toRemove) {
    this.listener = listener;
    this.address = address;
    this.toRemove = toRemove;
  }

  /**
   * Returns where it listens.
   *
   * @return a {@link java.net.UnixDomainSocketAddress} or an {@link
   *     io.triad.socket.AbstractUnixAddress}
   */
  public SocketAddress address() {
    return address;
  }

  /**
   * Returns the socket under this listener. Its own name is a temporary one if it has replaced
   * another: a system does not rename sockets along with their files.
   *
   * @return the socket
   */
  public Socket socket() {
    return listener.socket();
  }

  /**
   * Waits for a connection; see {@link SocketListener#accept}.
   *
   * @return a stream
   * @throws io.triad.ClosedResourceException if the listener is closed
   * @throws io.triad.OsException if the system cannot take connections now, as when this process has
   *     no descriptor left (EMFILE); the listener stays usable
   * @throws io.triad.BusyResourceException if another task is accepting
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; no connection was lost
   */
  @Override
  public SocketStream accept() throws IOException {
    return listener.accept();
  }

  @Override
  public void pause() {
    listener.pause();
  }

  /**
   * Closes the listener, and removes its file, if that is still there and its own: one who has
   * replaced it keeps theirs. Both is done whatever happens, also if the caller is cancelled.
   *
   * @throws IOException if the file cannot be removed, or the system reports an error; the listener is
   *     closed all the same
   */
  @Override
  public void close() throws IOException {
    Name name = toRemove;
    toRemove = null;
    try {
      if (name != null) {
        new CancelScope().setShield(true).enter(_ -> remove(name));
      }
    } finally {
      listener.close();
    }
  }

  private static void remove(Name name) throws IOException {
    UnixSockets.<@Nullable Void>withFiles(
        Loop.requireFiber(),
        files -> {
          Entry now = files.find(name.path());
          if (now != null && now.key().equals(name.key())) {
            files.remove(name.path());
          }
          return null;
        });
  }

  @Override
  public String toString() {
    return "UnixListener on " + address + ", " + listener;
  }
}
