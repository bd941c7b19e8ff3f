package io.triad.platform.linux;

import io.triad.engine.EngineContract;
import io.triad.engine.Platform;

/** The engine on io_uring keeps the contract that all engines keep. */
final class IoUringContractTest extends EngineContract {
  @Override
  protected Platform open() {
    return new LinuxPlatform(EngineChoice.IO_URING);
  }
}
