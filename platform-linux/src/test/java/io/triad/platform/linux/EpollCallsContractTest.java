package io.triad.platform.linux;

import io.triad.engine.CallsContract;
import io.triad.engine.Platform;

/** Linux behaves as the simulation of it says. */
final class EpollCallsContractTest extends CallsContract {
  @Override
  protected Platform open() {
    return new LinuxPlatform(EngineChoice.EPOLL);
  }
}
