package io.triad.loop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/**
 * The loop comes out of a wait, takes its inbox and goes to sleep again while a producer adds a
 * message: {@code r1} is whether the loop took it, {@code r2} whether it waits the second time,
 * {@code r3} whether the producer writes the wake-up. The wake-up may have been for the first wait:
 * then it stays pending in the engine and ends the second one.
 */
@JCStressTest
@Outcome(id = "true, true, (true|false)", expect = Expect.ACCEPTABLE, desc = "taken, waits again")
@Outcome(id = "false, true, true", expect = Expect.ACCEPTABLE, desc = "waits, and is woken")
@Outcome(id = "false, false, (true|false)", expect = Expect.ACCEPTABLE, desc = "saw the message")
@Outcome(id = "false, true, false", expect = Expect.FORBIDDEN, desc = "the message is missed")
@Outcome(id = "true, false, .*", expect = Expect.FORBIDDEN, desc = "taken, but seen once more")
@State
public class AwakeningMissesNothing {
  private final Inbox inbox = new Inbox();
  private final SleepProtocol sleep = new SleepProtocol();

  /** The loop waits already when the test begins. */
  public AwakeningMissesNothing() {
    sleep.prepareToSleep(() -> true);
  }

  /** The loop. */
  @Actor
  public void loop(ZZZ_Result result) {
    sleep.awake();
    result.r1 = inbox.takeAll() != null;
    result.r2 = sleep.prepareToSleep(inbox::isEmpty);
  }

  /** Another thread. */
  @Actor
  public void producer(ZZZ_Result result) {
    inbox.add(() -> {});
    result.r3 = sleep.mustWake();
  }
}
