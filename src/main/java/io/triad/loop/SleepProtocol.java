package io.triad.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.BooleanSupplier;

/**
 * How the loop goes to sleep without missing a message, and how a message wakes it at most once.
 *
 * <pre>
 * who        does                          state before → after    then
 * ────────────────────────────────────────────────────────────────────────────────────────────
 * loop       prepareToSleep                AWAKE  → DROWSY         rechecks the inbox
 *            … inbox not empty             any    → AWAKE          does not wait
 *            … inbox empty                 DROWSY                  waits in the kernel
 * producer   mustWake, after its add       AWAKE  → AWAKE          nothing: the loop will look
 *                                          DROWSY → AWAKE          writes the wake-up (one wins)
 * loop       awake, after waiting          any    → AWAKE          drains the inbox
 * </pre>
 *
 * <p>Why nothing is missed: the loop writes DROWSY and then reads the inbox; a producer writes the
 * inbox and then reads the state. All four accesses are volatile, so in their one total order the
 * producer sees DROWSY, or the loop sees the message, or both. If both, the loop does not wait and
 * the wake-up arrives for nothing: the engine takes a wake-up that nobody waits for as an ordinary
 * completion.
 */
public final class SleepProtocol {
  private static final int AWAKE = 0;
  private static final int DROWSY = 1;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(SleepProtocol.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // by STATE
  private volatile int state = AWAKE;

  /**
   * Called by the loop when it has nothing to do.
   *
   * @param nothingArrived whether the inbox is empty; asked after the state was written
   * @return whether the loop may wait in the kernel
   */
  public boolean prepareToSleep(BooleanSupplier nothingArrived) {
    state = DROWSY;
    if (nothingArrived.getAsBoolean()) {
      return true;
    }
    state = AWAKE;
    return false;
  }

  /** Called by the loop when it no longer waits, for whatever reason. */
  public void awake() {
    STATE.setRelease(this, AWAKE);
  }

  /** Called by a producer after it added to the inbox: whether it must write the wake-up. */
  public boolean mustWake() {
    return state == DROWSY && STATE.compareAndSet(this, DROWSY, AWAKE);
  }
}
