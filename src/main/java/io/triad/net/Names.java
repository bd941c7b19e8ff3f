package io.triad.net;

import io.triad.loop.Fiber;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Looking up host names. Addresses in numbers never leave the loop; names are looked up by the JDK on
 * a thread of their own, because that blocks. A look-up whose caller was cancelled is abandoned: it
 * ends by itself and nobody hears of it.
 */
final class Names {
  private Names() {}

  static InetAddress[] lookUp(Fiber fiber, String host) throws IOException {
    InetAddress literal = literal(host);
    if (literal != null) {
      return new InetAddress[] {literal};
    }
    Answer answer = new Answer();
    Thread.ofPlatform()
        .daemon()
        .name("look up " + host)
        .start(() -> answer.find(fiber, host));
    answer.waiting = true;
    fiber.suspend(
        () -> {
          answer.waiting = false;
          return true;
        });
    if (answer.addresses == null) {
      throw new UnknownHostException(host + ": " + answer.failure);
    }
    return answer.addresses;
  }

  private static @Nullable InetAddress literal(String host) {
    try {
      return InetAddress.ofLiteral(host);
    } catch (IllegalArgumentException e) {
      return null; // a name, then
    }
  }

  /** What came back. All fields but the result are the loop's. */
  private static final class Answer {
    private boolean waiting;
    private InetAddress @Nullable [] addresses;
    private @Nullable String failure;

    /** Runs on the thread of the look-up. */
    void find(Fiber fiber, String host) {
      InetAddress[] found = null;
      String problem = null;
      try {
        found = InetAddress.getAllByName(host);
      } catch (UnknownHostException | RuntimeException | Error e) { // the caller waits for an answer
        problem = String.valueOf(e.getMessage());
      }
      InetAddress[] result = found;
      String text = problem;
      fiber.loop().runSoon(() -> deliver(fiber, result, text));
    }

    private void deliver(Fiber fiber, InetAddress @Nullable [] found, @Nullable String problem) {
      if (waiting) {
        waiting = false;
        addresses = found;
        failure = problem;
        fiber.resume();
      }
    }
  }
}
