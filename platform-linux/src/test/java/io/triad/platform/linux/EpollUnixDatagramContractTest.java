package io.triad.platform.linux;

import io.triad.engine.Platform;
import io.triad.engine.UnixDatagramContract;

/** Linux behaves as the simulation says, with the engine of epoll, too. */
final class EpollUnixDatagramContractTest extends UnixDatagramContract {
  @Override
  protected Platform open() {
    return new LinuxPlatform(EngineChoice.EPOLL);
  }
}
