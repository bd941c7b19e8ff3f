package io.triad.platform.macos.emulated;

import io.triad.platform.macos.MacosPlatform;

/** The platform of macOS on Linux: {@code -Dtriad.platform} takes it. */
public final class EmulatedMacosPlatform extends MacosPlatform {
  /** Made by the ladder. */
  public EmulatedMacosPlatform() {
    super(EmulatedDarwin::new);
  }
}
