package io.triad.net;

import io.triad.Nursery;
import io.triad.OsException;
import io.triad.Triad;
import io.triad.stream.AsyncResource;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The accept loop of a server. */
final class Serving {
  private static final Set<String> OUT_OF_CAPACITY =
      Set.of("EMFILE", "ENFILE", "ENOMEM", "ENOBUFS");
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Logger LOGGER = System.getLogger("io.triad.net.serveListeners");

  private Serving() {}

  static void accept(SocketListener listener, Nursery handlers, ConnectionHandler handler)
      throws IOException {
    try (listener) {
      for (;;) {
        SocketStream stream;
        try {
          stream = listener.accept();
        } catch (OsException e) {
          if (!OUT_OF_CAPACITY.contains(e.symbol())) {
            throw e;
          }
          LOGGER.log(
              Level.ERROR,
              "accept returned " + e.symbol() + " (" + e.text() + "); retrying in 0.1 seconds",
              e);
          Triad.sleep(PAUSE);
          continue;
        }
        handlers.startSoon("connection", () -> handle(stream, handler));
      }
    }
  }

  private static void handle(SocketStream stream, ConnectionHandler handler) throws Exception {
    Throwable thrown = null;
    try {
      handler.handle(stream);
    } catch (Throwable e) {
      thrown = e;
      throw e;
    } finally {
      closeAfter(stream, thrown);
    }
  }

  private static void closeAfter(SocketStream stream, @Nullable Throwable thrown)
      throws IOException {
    try {
      AsyncResource.closeForcefully(stream);
    } catch (Throwable e) {
      if (thrown == null) {
        throw e;
      }
      thrown.addSuppressed(e);
    }
  }
}
