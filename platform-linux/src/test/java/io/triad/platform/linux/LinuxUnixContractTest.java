package io.triad.platform.linux;

import io.triad.engine.Platform;
import io.triad.engine.UnixContract;

/** Linux behaves as the simulation of it says. */
final class LinuxUnixContractTest extends UnixContract {
  @Override
  protected Platform open() {
    return new LinuxPlatform(EngineChoice.IO_URING);
  }
}
