package io.triad.bench;

import io.triad.Instrument;
import io.triad.Nursery;
import io.triad.RunOptions;
import io.triad.Triad;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to be looked at: a checkpoint of two tasks that alternate, which is the same as
 * {@link CoreBenchmark#checkpointTriad}. A checkpoint is a step and no wait, so the recordings write
 * hardly anything in it; what is measured is that somebody wants to know.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class ObserverBenchmark {
  private static final int STEPS = 200_000;

  private static final List<String> EVENTS =
      List.of("Run", "Task", "Wait", "Operation", "StalledStep", "BufferExhaustion");

  /** Who looks on. */
  public enum Observer {
    /** Nobody. */
    NONE,
    /** An instrument that does nothing. */
    INSTRUMENT,
    /** The flight recorder, with all events of Triad. */
    RECORDING,
    /** The flight recorder, with none of them. */
    RECORDING_OTHERS
  }

  /** Who looks on in this trial. */
  @Param
  public Observer observer = Observer.NONE;

  private RunOptions options = RunOptions.DEFAULT;
  private @Nullable Recording recording;

  /** Has the observer begin. */
  @Setup
  public void begin() {
    switch (observer) {
      case NONE -> {}
      case INSTRUMENT -> options = RunOptions.DEFAULT.withInstruments(new Instrument() {});
      case RECORDING -> record(true);
      case RECORDING_OTHERS -> record(false);
    }
  }

  private void record(boolean ours) {
    Recording started = new Recording();
    for (String event : EVENTS) {
      if (ours) {
        started.enable("io.triad." + event);
      } else {
        started.disable("io.triad." + event);
      }
    }
    started.enable("jdk.CPULoad");
    started.start();
    recording = started;
  }

  /** Has it end. */
  @TearDown
  public void end() {
    if (recording != null) {
      recording.close();
    }
  }

  /** A checkpoint of two tasks that alternate. */
  @Benchmark
  @OperationsPerInvocation(2 * STEPS)
  public void checkpoint() {
    Triad.run(
        options,
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(ObserverBenchmark::checkpoints);
              nursery.startSoon(ObserverBenchmark::checkpoints);
            }));
  }

  private static void checkpoints() {
    for (int i = 0; i < STEPS; i++) {
      Triad.checkpoint();
    }
  }
}
