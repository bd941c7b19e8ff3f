package io.triad.platform.linux;

import io.triad.engine.Platform;
import io.triad.engine.UnixContract;

/** Linux behaves as the simulation says, with the engine of epoll, too. */
final class EpollUnixContractTest extends UnixContract {
  @Override
  protected Platform open() {
    return new LinuxPlatform(EngineChoice.EPOLL);
  }
}
