package io.triad.net;

import java.lang.invoke.MethodHandles;

/** Lets a listener believe that the system reported an error: most can't be had on demand. */
final class FailingAccept {
  private FailingAccept() {}

  /** Tells the listener, on which a task waits, of an error number. */
  static void with(SocketListener listener, int errno) {
    acceptor(listener).completed(-errno, false, null);
  }

  private static Acceptor acceptor(SocketListener listener) {
    try {
      return (Acceptor) MethodHandles.privateLookupIn(SocketListener.class, MethodHandles.lookup())
          .findGetter(SocketListener.class, "acceptor", Acceptor.class)
          .invokeExact(listener);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
