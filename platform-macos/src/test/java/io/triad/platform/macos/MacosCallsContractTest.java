package io.triad.platform.macos;

import io.triad.engine.CallsContract;
import io.triad.engine.Platform;
import io.triad.platform.macos.emulated.EmulatedMacosPlatform;

/** Sockets of macOS keep the contract, as far as it is not that of Linux alone. */
final class MacosCallsContractTest extends CallsContract {
  @Override
  protected Platform open() {
    return new EmulatedMacosPlatform();
  }
}
