package io.triad;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a run is set up. Immutable; {@code RunOptions.DEFAULT.withClock(clock)}.
 *
 * @param clock where the run takes its time from; null for a new {@link Clock#system}
 * @param instruments who is told what the run does
 * @param keyboardInterrupts whether Ctrl-C ends the run by a {@link KeyboardInterrupt}
 */
public record RunOptions(
    @Nullable Clock clock,
    List<Instrument> instruments,
    KeyboardInterrupts keyboardInterrupts) {
  /** What {@link Triad#run(Body)} uses. */
  public static final RunOptions DEFAULT =
      new RunOptions(null, List.of(), KeyboardInterrupts.ON_MAIN_THREAD);

  /**
   * Whether a run takes SIGINT, which is what Ctrl-C sends, from the Java virtual machine for as long
   * as it lasts. Then the signal does not end the process; the main task gets a {@link
   * KeyboardInterrupt} at a checkpoint, and other tasks are cancelled by their nurseries in the usual
   * way. A handler that the program installed by itself, and a signal that the process ignores, are
   * left alone in any case (CORE-83).
   *
   * <p>Java cannot interrupt code that makes no checkpoint. Therefore SIGINT that comes a second or
   * more after an earlier one that nobody has got yet is given to the virtual machine, which ends as
   * it would have without Triad. All signals before that count as one.
   */
  public enum KeyboardInterrupts {
    /** If the run is on the thread of the name {@code main}, as that of the main method is. */
    ON_MAIN_THREAD,

    /**
     * On any thread. Of several runs at a time the first has it. {@link Triad#run} throws {@link
     * IllegalStateException} if signals cannot be had: the virtual machine was started with {@code
     * -Xrs}, or the Java runtime has no module {@code jdk.unsupported}.
     */
    ALWAYS,

    /** SIGINT does what it would do without Triad. */
    NEVER
  }

  /**
   * Makes options.
   *
   * @param clock where the run takes its time from; null for a new {@link Clock#system}
   * @param instruments who is told what the run does
   * @param keyboardInterrupts whether Ctrl-C ends the run by a {@link KeyboardInterrupt}
   */
  public RunOptions {
    instruments = List.copyOf(instruments);
    Objects.requireNonNull(keyboardInterrupts, "keyboardInterrupts");
  }

  /**
   * Returns the same options with another clock.
   *
   * @param newClock the clock, used by one run at a time
   * @return the options
   */
  public RunOptions withClock(Clock newClock) {
    return new RunOptions(newClock, instruments, keyboardInterrupts);
  }

  /**
   * Returns the same options with other instruments in place of those before (CORE-80).
   *
   * @param newInstruments the instruments, told in this order; one that is there twice is told once
   * @return the options
   */
  public RunOptions withInstruments(Instrument... newInstruments) {
    return new RunOptions(clock, List.of(newInstruments), keyboardInterrupts);
  }

  /**
   * Returns the same options with another answer to Ctrl-C (CORE-81).
   *
   * @param when in which runs it is a {@link KeyboardInterrupt}
   * @return the options
   */
  public RunOptions withKeyboardInterrupts(KeyboardInterrupts when) {
    return new RunOptions(clock, instruments, when);
  }
}
