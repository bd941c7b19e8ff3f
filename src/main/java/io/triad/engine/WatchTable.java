package io.triad.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The watches by descriptor: small numbers, because a system gives the lowest that is free. */
final class WatchTable {
  private @Nullable Watch[] watches = new Watch[64];

  /** The watch of a descriptor, if it was ever waited for. */
  @Nullable Watch find(int descriptor) {
    return descriptor >= 0 && descriptor < watches.length ? watches[descriptor] : null;
  }

  /** The watch of a descriptor; a new one is not kept before it is registered. */
  Watch at(int descriptor) {
    Watch found = find(descriptor);
    return found == null ? new Watch(descriptor) : found;
  }

  /** Keeps a watch that was registered. */
  void keep(Watch watch) {
    int descriptor = watch.descriptor;
    if (descriptor >= watches.length) {
      watches = Arrays.copyOf(watches, Math.max(descriptor + 1, watches.length * 2));
    }
    watches[descriptor] = watch;
  }

  /** The number of this descriptor is somebody else's from now on; who still waits is left behind. */
  void forget(int descriptor) {
    Watch watch = find(descriptor);
    if (watch != null) {
      if (watch.users > 0) {
        watches[descriptor] = null;
      } else {
        watch.forget();
      }
    }
  }
}
