package io.triad.platform.linux;

import io.triad.engine.EngineRig;

/**
 * A program that takes the engine that Triad would choose, sends a byte through it, and writes its
 * description. With arguments, a filter refuses the system call of the first with the error of the
 * second.
 */
final class ChooseEngine {
  private ChooseEngine() {}

  public static void main(String[] arguments) {
    if (arguments.length > 0) {
      new SeccompFilter()
          .refuse(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]))
          .install();
    }
    try (EngineRig rig = new EngineRig(new LinuxPlatform(null), false)) {
      int[] pair = rig.pair();
      rig.send(pair[0], (byte) 42);
      if (rig.receive(pair[1], 1)[0] != 42) {
        throw new AssertionError("another byte came");
      }
      rig.engine.describe().forEach(System.out::println);
    }
  }
}
