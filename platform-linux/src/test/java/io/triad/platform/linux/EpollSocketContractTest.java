package io.triad.platform.linux;

import io.triad.engine.Platform;
import io.triad.engine.SocketContract;

/** Sockets in non-blocking mode behave as those in blocking mode do. */
final class EpollSocketContractTest extends SocketContract {
  @Override
  protected Platform open() {
    return new LinuxPlatform(EngineChoice.EPOLL);
  }
}
