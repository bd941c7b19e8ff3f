package io.triad.net;

import io.triad.thread.ThreadOptions;
import io.triad.thread.Threads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Looking up host names. Addresses in numbers never leave the loop; names are looked up by the JDK on
 * a worker thread, because that blocks. A look-up whose caller was cancelled is abandoned: it ends by
 * itself and nobody hears of it.
 */
final class Names {
  private Names() {}

  static InetAddress[] lookUp(String host) throws IOException {
    InetAddress literal = literal(host);
    if (literal != null) {
      return new InetAddress[] {literal};
    }
    try {
      return Threads.toThread(
          ThreadOptions.ABANDON.withName("look up " + host), () -> InetAddress.getAllByName(host));
    } catch (UnknownHostException | RuntimeException e) {
      throw unknown(host, e);
    }
  }

  /** With the stack of the task, and the resolver's own reason behind it. */
  private static UnknownHostException unknown(String host, Exception reason) {
    UnknownHostException exception = new UnknownHostException(host + ": " + reason.getMessage());
    exception.initCause(reason);
    return exception;
  }

  private static @Nullable InetAddress literal(String host) {
    try {
      return InetAddress.ofLiteral(host);
    } catch (IllegalArgumentException e) {
      return null; // a name, then
    }
  }
}
