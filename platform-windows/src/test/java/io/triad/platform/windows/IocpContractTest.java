package io.triad.platform.windows;

import io.triad.engine.EngineContract;
import io.triad.engine.Platform;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The engine on a completion port keeps the contract that all engines keep. */
@EnabledOnOs(OS.WINDOWS)
final class IocpContractTest extends EngineContract {
  @Override
  protected Platform open() {
    return new WindowsPlatform();
  }

  /** closesocket ends what is in flight on a socket. */
  @Override
  protected Orphan orphan() {
    return Orphan.ENDS;
  }
}
