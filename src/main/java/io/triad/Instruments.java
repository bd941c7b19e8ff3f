package io.triad;

import io.triad.loop.Fiber;
import io.triad.loop.LoopObserver;
import java.time.Duration;
import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.function.Consumer;

/** The instruments of one run, in the order in which they were added. */
final class Instruments implements LoopObserver {
  private static final System.Logger LOGGER = System.getLogger("io.triad.Instrument");

  /** Never changed but replaced: instruments may come and go while they are being told something. */
  private Instrument[] instruments = {};

  private final Runnable dropped;

  /**
   * Makes an empty list.
   *
   * @param dropped called when one has been removed because it threw
   */
  Instruments(Runnable dropped) {
    this.dropped = dropped;
  }

  boolean isEmpty() {
    return instruments.length == 0;
  }

  /** Adds one unless it is there. */
  void add(Instrument instrument) {
    if (indexOf(instrument) < 0) {
      instruments = Arrays.copyOf(instruments, instruments.length + 1);
      instruments[instruments.length - 1] = instrument;
    }
  }

  /** Removes one, which must be there. */
  void remove(Instrument instrument) {
    int index = indexOf(instrument);
    if (index < 0) {
      throw new NoSuchElementException("this instrument was not added, or has been removed");
    }
    Instrument[] fewer = Arrays.copyOf(instruments, instruments.length - 1);
    System.arraycopy(instruments, index + 1, fewer, index, fewer.length - index);
    instruments = fewer;
  }

  private int indexOf(Instrument instrument) {
    for (int i = 0; i < instruments.length; i++) {
      if (instruments[i] == instrument) {
        return i;
      }
    }
    return -1;
  }

  /** Tells everybody something, and drops whoever cannot bear it. */
  private void tell(Consumer<Instrument> what) {
    for (Instrument instrument : instruments) {
      try {
        what.accept(instrument);
      } catch (Throwable thrown) {
        LOGGER.log(
            System.Logger.Level.ERROR,
            "an instrument of " + instrument.getClass() + " threw and was removed",
            thrown);
        if (indexOf(instrument) >= 0) { // it may have removed itself before it threw
          remove(instrument);
          dropped.run();
        }
      }
    }
  }

  private static Task task(Fiber fiber) {
    return (Task) fiber.body();
  }

  void beforeRun() {
    tell(Instrument::beforeRun);
  }

  void afterRun() {
    tell(Instrument::afterRun);
  }

  @Override
  public void spawned(Fiber fiber) {
    Task task = task(fiber);
    tell(instrument -> instrument.taskSpawned(task));
  }

  @Override
  public void scheduled(Fiber fiber) {
    Task task = task(fiber);
    tell(instrument -> instrument.taskScheduled(task));
  }

  @Override
  public void beforeStep(Fiber fiber) {
    Task task = task(fiber);
    tell(instrument -> instrument.beforeTaskStep(task));
  }

  @Override
  public void afterStep(Fiber fiber) {
    Task task = task(fiber);
    tell(instrument -> instrument.afterTaskStep(task));
  }

  @Override
  public void exited(Fiber fiber) {
    Task task = task(fiber);
    tell(instrument -> instrument.taskExited(task));
  }

  @Override
  public void beforeWait(long timeoutNanos) {
    Duration timeout = Times.duration(timeoutNanos);
    tell(instrument -> instrument.beforeIoWait(timeout));
  }

  @Override
  public void afterWait(long timeoutNanos) {
    Duration timeout = Times.duration(timeoutNanos);
    tell(instrument -> instrument.afterIoWait(timeout));
  }
}
