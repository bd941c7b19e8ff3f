package io.triad.platform.linux;

import io.triad.engine.DatagramContract;
import io.triad.engine.Platform;

/** Linux behaves as the simulation of it says. */
final class LinuxDatagramContractTest extends DatagramContract {
  @Override
  protected Platform open() {
    return new LinuxPlatform(EngineChoice.IO_URING);
  }
}
