package io.triad.engine.simulated;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One datagram, in the queue of its receiver. */
final class Datagram {
  private final Supplier<? extends @Nullable Address> from;
  private final byte[] bytes;
  private final List<OpenSocket> rights;
  private final Runnable leaving;

  /**
   * Makes one.
   *
   * @param from tells who sent it, asked when it is received
   * @param rights sockets that go with it, each held for the receiver
   * @param leaving what to do when it leaves the queue
   */
  Datagram(
      Supplier<? extends @Nullable Address> from,
      byte[] bytes,
      List<OpenSocket> rights,
      Runnable leaving) {
    this.from = from;
    this.bytes = bytes;
    this.rights = rights;
    this.leaving = leaving;
  }

  @Nullable Address from() {
    return from.get();
  }

  List<OpenSocket> rights() {
    return rights;
  }

  int length() {
    return bytes.length;
  }

  /** Copies what there is room for; answers how much that was. */
  int copyTo(Ranges into) {
    return into.scatter(bytes);
  }

  /** What it takes up in a buffer. */
  int cost() {
    return bytes.length + DatagramSocket.OVERHEAD;
  }

  /** It is received. */
  void leave() {
    leaving.run();
  }

  /** Nobody will receive it. */
  void discard() {
    rights.forEach(OpenSocket::drop);
    leaving.run();
  }
}
