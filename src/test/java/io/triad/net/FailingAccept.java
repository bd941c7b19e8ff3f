package io.triad.net;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.triad.engine.Platform;
import io.triad.loop.Loop;
import io.triad.testkit.Kernel;
import java.lang.invoke.MethodHandles;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Lets a listener believe that the system reported an error: most can't be had on demand. */
final class FailingAccept {
  private FailingAccept() {}

  /** The number of an error; ends the test if the system has none of this name. */
  static int errno(String symbol) {
    Platform platform = Loop.requireFiber().loop().platform();
    OptionalInt code =
        IntStream.concat(IntStream.range(10_000, 11_100), IntStream.range(1, 200)) // WSA…, E…
            .filter(number -> platform.errorName(number).equals(symbol))
            .findFirst();
    assumeTrue(code.isPresent() || Kernel.isLinux(), "Windows has no error for this");
    return code.orElseThrow(() -> new AssertionError(symbol));
  }

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
