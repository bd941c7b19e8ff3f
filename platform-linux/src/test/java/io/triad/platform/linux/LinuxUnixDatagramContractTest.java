package io.triad.platform.linux;

import io.triad.engine.Platform;
import io.triad.engine.UnixDatagramContract;

/** Linux behaves as the simulation of it says. */
final class LinuxUnixDatagramContractTest extends UnixDatagramContract {
  @Override
  protected Platform open() {
    return new LinuxPlatform(EngineChoice.IO_URING);
  }
}
