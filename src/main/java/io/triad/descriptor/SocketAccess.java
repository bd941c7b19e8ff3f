package io.triad.descriptor;

import io.triad.loop.Loop;
import io.triad.socket.Socket;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/** What the streams and listeners of this module may do with a socket and others may not. */
public abstract class SocketAccess {
  private static @Nullable SocketAccess instance;

  /** Made by {@link Socket} alone. */
  protected SocketAccess() {}

  /** Makes the one of {@link Socket} known. */
  public static void set(SocketAccess access) {
    instance = access;
  }

  /** The one of {@link Socket}. */
  public static SocketAccess get() {
    SocketAccess access = instance;
    if (access == null) {
      try {
        MethodHandles.lookup().ensureInitialized(Socket.class);
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
      access = instance;
      assert access != null;
    }
    return access;
  }

  /** A socket for a descriptor of which nobody else knows; makes no call. */
  public abstract Socket adopt(Loop loop, int descriptor, int family, int type, int protocol);

  /** The run it belongs to. */
  public abstract Loop loop(Socket socket);

  /** Has somebody told when the socket is closed or detached by somebody else. */
  public abstract void setOwner(Socket socket, Owner owner);

  /**
   * Has the descriptor in the mode that the engine wants, blocking or not, if the socket itself has
   * changed it; makes no call otherwise.
   */
  public abstract void settleMode(Socket socket);

  /**
   * Takes the descriptor out of the socket, which is closed from then on; its owner is not told.
   *
   * @return the descriptor, for the caller to close; -1 if it was closed before
   */
  public abstract int release(Socket socket);

  /** Whoever has operations in flight on the descriptor of a socket. */
  public interface Owner {
    /** The socket is being closed: cancels what is in flight. */
    void closing();
  }
}
