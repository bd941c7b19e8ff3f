package io.triad.net;

import io.triad.loop.Loop;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The sockets of the JDK's type that are open in a run. A pool may keep some for longer than the run,
 * which then closes them: nobody could use them, and nobody else could close them.
 */
final class OpenConnections {
  private final Set<RunSocket> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Loop loop;

  private OpenConnections(Loop loop) {
    this.loop = loop;
    loop.atEnd(this::closeAll);
  }

  /** The ones of a run. */
  static OpenConnections of(Loop loop) {
    return loop.local(OpenConnections.class, () -> new OpenConnections(loop));
  }

  void add(RunSocket socket) {
    open.add(socket);
  }

  void remove(RunSocket socket) {
    open.remove(socket);
  }

  private void closeAll() {
    List.copyOf(open).forEach(socket -> socket.closeOnLoop(loop));
  }
}
