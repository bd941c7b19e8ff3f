package io.triad.net;

import io.triad.ExceptionGroup;
import io.triad.Nursery;
import io.triad.OsException;
import io.triad.Triad;
import io.triad.socket.AddressInfo;
import io.triad.sync.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Connects to the first of several addresses that answers; RFC 8305.
 *
 * <p>A host with two addresses often has one that does not work from here, mostly the IPv6 one, and a
 * connection to it fails after minutes or never. So nobody waits for one address alone: an attempt
 * begins when the one before it has failed, or has had no answer for a while, and all of them go on
 * beside each other until one has succeeded.
 *
 * <p>An object makes one connection.
 *
 * @param <S> what is connected: sockets, and in tests what takes their place
 */
final class HappyEyeballs<S> {
  private final Dialer<S> dialer;
  private final Duration delay;
  private final List<S> open = new ArrayList<>();
  private final List<IOException> failures = new ArrayList<>();
  private @Nullable S winner;

  HappyEyeballs(Dialer<S> dialer, Duration delay) {
    this.dialer = dialer;
    this.delay = delay;
  }

  /** Opens sockets, connects them, closes them. */
  interface Dialer<S> {
    S open(AddressInfo target) throws IOException;

    /** Connects; a cancelled or failed one need not close the socket. */
    void connect(S socket, AddressInfo target) throws IOException;

    void close(S socket) throws IOException;
  }

  /**
   * Connects; all sockets but the one that is returned are closed then.
   *
   * @param targets the addresses in the resolver's order, at least one
   * @param where host and port, for messages
   * @throws IOException if all attempts failed; its cause is a group of their errors (NET-31)
   */
  S connect(List<AddressInfo> targets, String where) throws IOException {
    try {
      if (targets.size() == 1) {
        attempt(targets.getFirst());
      } else {
        race(inOrder(targets));
      }
    } catch (Throwable e) {
      closeAll(open, dialer, e);
      throw e;
    }
    S won = winner;
    if (won == null) {
      closeAll(open, dialer);
      throw allFailed(where);
    }
    open.remove(won);
    try {
      closeAll(open, dialer);
    } catch (Throwable e) {
      closeAll(List.of(won), dialer, e);
      throw e;
    }
    return won;
  }

  /**
   * The resolver's order, but the first address of another family than the first one's comes second
   * (NET-25): if one family does not work, its other addresses will not either.
   */
  static List<AddressInfo> inOrder(List<AddressInfo> targets) {
    List<AddressInfo> order = new ArrayList<>(targets);
    for (int i = 1; i < order.size(); i++) {
      if (order.get(i).family() != order.getFirst().family()) {
        order.add(1, order.remove(i));
        break;
      }
    }
    return order;
  }

  private void race(List<AddressInfo> targets) {
    Nursery.open(
        nursery -> {
          for (AddressInfo target : targets) {
            Event failed = new Event();
            nursery.startSoon(
                "connect to " + target.address(),
                () -> {
                  if (attempt(target)) {
                    nursery.cancelScope().cancel("another connection was faster");
                  } else {
                    failed.set();
                  }
                });
            // Only the newest failure brings the next attempt forward (NET-27).
            Triad.moveOnAfter(delay, _ -> failed.await());
          }
        });
  }

  /** Whether the attempt succeeded. That it was too late is no failure. */
  private boolean attempt(AddressInfo target) {
    try {
      S socket = dialer.open(target);
      open.add(socket);
      dialer.connect(socket, target);
      if (winner == null) {
        winner = socket;
      }
      return true;
    } catch (IOException e) {
      failures.add(e);
      return false;
    }
  }

  private IOException allFailed(String where) {
    String message = "all attempts to connect to " + where + " failed";
    IOException failure = new IOException(message);
    for (IOException each : failures) {
      if (each instanceof OsException last) {
        failure = new OsException(last.errno(), last.symbol(), message, last.text());
      }
    }
    failure.initCause(new ExceptionGroup(message, failures));
    return failure;
  }

  // ---- closing ----

  /** Closes all of them; throws the only failure as it is, several as a group (NET-35). */
  static <S> void closeAll(Collection<S> sockets, Dialer<S> dialer) throws IOException {
    List<Exception> errors = close(sockets, dialer);
    if (errors.size() > 1) {
      throw new ExceptionGroup("several sockets could not be closed", errors);
    }
    for (Exception error : errors) {
      switch (error) {
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        default -> throw new AssertionError(error);
      }
    }
  }

  /** Closes all of them because of something that is thrown. */
  static <S> void closeAll(Collection<S> sockets, Dialer<S> dialer, Throwable because) {
    close(sockets, dialer).forEach(because::addSuppressed);
  }

  private static <S> List<Exception> close(Collection<S> sockets, Dialer<S> dialer) {
    List<Exception> errors = new ArrayList<>();
    for (S socket : sockets) {
      try {
        dialer.close(socket);
      } catch (IOException | RuntimeException e) {
        errors.add(e);
      }
    }
    return errors;
  }
}
