package io.triad.platform.linux;

import io.triad.engine.Platform;
import io.triad.engine.SocketContract;

/** Linux behaves as the simulation of it says. */
final class LinuxSocketContractTest extends SocketContract {
  @Override
  protected Platform open() {
    return new LinuxPlatform(EngineChoice.IO_URING);
  }
}
