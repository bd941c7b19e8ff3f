package io.triad.net;

import io.triad.engine.Platform;
import io.triad.engine.SocketOption;

/** The options that every new {@link SocketStream} has (NET-03). */
final class StreamDefaults {
  private static final int NOT_SENT_LOW_WATER_BYTES = 16 * 1024;

  private StreamDefaults() {}

  /** Sets them; sockets that are not TCP refuse them and have nothing to set. */
  static void set(Platform platform, int descriptor) {
    platform.setOption(descriptor, SocketOption.NO_DELAY, 1);
    platform.setOption(descriptor, SocketOption.NOT_SENT_LOW_WATER, NOT_SENT_LOW_WATER_BYTES);
  }

  /** Whether the socket has them already. */
  static boolean areSet(Platform platform, int descriptor) {
    return platform.getOption(descriptor, SocketOption.NO_DELAY) == 1
        && platform.getOption(descriptor, SocketOption.NOT_SENT_LOW_WATER)
            == NOT_SENT_LOW_WATER_BYTES;
  }
}
