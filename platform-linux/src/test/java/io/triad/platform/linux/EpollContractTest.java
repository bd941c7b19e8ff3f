package io.triad.platform.linux;

import io.triad.engine.EngineContract;
import io.triad.engine.Platform;

/** The readiness engine on epoll keeps the contract that all engines keep. */
final class EpollContractTest extends EngineContract {
  @Override
  protected Platform open() {
    return new LinuxPlatform(EngineChoice.EPOLL);
  }

  @Override
  protected Orphan orphan() {
    return Orphan.WAITS;
  }
}
