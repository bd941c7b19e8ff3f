package io.triad.loop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A loop goes to sleep while a producer adds a message: {@code r1} is whether the loop waits, {@code
 * r2} whether the producer writes the wake-up. A loop that waits without one has missed the message.
 */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "waits, and is woken")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "saw the message")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "saw it, woken for nothing")
@Outcome(id = "true, false", expect = Expect.FORBIDDEN, desc = "the message is missed")
@State
public class SleepMissesNothing {
  private final Inbox inbox = new Inbox();
  private final SleepProtocol sleep = new SleepProtocol();

  /** The loop. */
  @Actor
  public void loop(ZZ_Result result) {
    result.r1 = sleep.prepareToSleep(inbox::isEmpty);
  }

  /** Another thread. */
  @Actor
  public void producer(ZZ_Result result) {
    inbox.add(() -> {});
    result.r2 = sleep.mustWake();
  }
}
