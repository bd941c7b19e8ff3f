package io.triad.socket;

import io.triad.engine.Message;
import io.triad.engine.NonBlockingCalls;
import io.triad.engine.Platform;
import io.triad.loop.Loop;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What the sockets of one run share. */
final class SocketRun {
  /** No family. */
  private static final int NONE = -1;

  final Loop loop;
  final Platform platform;
  final NonBlockingCalls calls;

  /** For the length of one call: between two of them a task that goes on may have used it. */
  final Message message = new Message(Arena.ofAuto());

  final int streamType;
  final int inet;
  final int inet6;
  final int unix;

  /** Who opens sockets in this run; null for the system. */
  Sockets.@Nullable SocketFactory factory;

  private final Map<String, OptionalInt> constants = new HashMap<>();

  private SocketRun(Loop loop) {
    this.loop = loop;
    platform = loop.platform();
    calls = platform.calls();
    streamType = platform.streamType();
    inet = platform.constant("AF_INET").orElse(NONE);
    inet6 = platform.constant("AF_INET6").orElse(NONE);
    unix = platform.constant("AF_UNIX").orElse(NONE);
  }

  static SocketRun of(Loop loop) {
    return loop.local(SocketRun.class, () -> new SocketRun(loop));
  }

  OptionalInt find(String name) {
    return constants.computeIfAbsent(name, platform::constant);
  }

  /** A number that this system has. */
  int constant(String name) {
    OptionalInt number = find(name);
    if (number.isEmpty()) {
      throw new UnsupportedOperationException("this system has no " + name);
    }
    return number.getAsInt();
  }

  /** Whether a number is the one of a name; false if this system has no such name. */
  boolean is(int number, String name) {
    OptionalInt known = find(name);
    return known.isPresent() && known.getAsInt() == number;
  }
}
