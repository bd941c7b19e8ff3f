package io.triad.platform.linux;

import io.triad.engine.DatagramContract;
import io.triad.engine.Platform;

/** Linux behaves as the simulation says, with the engine of epoll, too. */
final class EpollDatagramContractTest extends DatagramContract {
  @Override
  protected Platform open() {
    return new LinuxPlatform(EngineChoice.EPOLL);
  }
}
