package io.triad.engine.simulated;

import io.triad.engine.EngineContract;
import io.triad.engine.Platform;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulated engine keeps the contract, whatever the conditions are that break nothing. */
@ParameterizedClass
@EnumSource
final class SimulatedEngineTest extends EngineContract {
  @Parameter
  private Worlds world;

  @Override
  protected Platform open() {
    return world.make().platform();
  }
}
