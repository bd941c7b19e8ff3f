package io.triad.platform.macos;

import io.triad.engine.EngineContract;
import io.triad.engine.Platform;
import io.triad.platform.macos.emulated.EmulatedMacosPlatform;

/** The readiness engine on kqueue keeps the contract that all engines keep. */
final class MacosEngineContractTest extends EngineContract {
  @Override
  protected Platform open() {
    return new EmulatedMacosPlatform();
  }

  @Override
  protected Orphan orphan() {
    return Orphan.WAITS;
  }
}
