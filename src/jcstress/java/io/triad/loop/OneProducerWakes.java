package io.triad.loop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Two producers add while the loop waits: {@code r1} and {@code r2} are whether they write the
 * wake-up. Exactly one does.
 */
@JCStressTest
@Outcome(
    id = {"true, false", "false, true"},
    expect = Expect.ACCEPTABLE,
    desc = "woken once")
@Outcome(id = "true, true", expect = Expect.FORBIDDEN, desc = "woken twice")
@Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "both messages are missed")
@State
public class OneProducerWakes {
  private final Inbox inbox = new Inbox();
  private final SleepProtocol sleep = new SleepProtocol();

  /** The loop waits already when the test begins. */
  public OneProducerWakes() {
    sleep.prepareToSleep(inbox::isEmpty);
  }

  /** A producer. */
  @Actor
  public void first(ZZ_Result result) {
    inbox.add(() -> {});
    result.r1 = sleep.mustWake();
  }

  /** Another one. */
  @Actor
  public void second(ZZ_Result result) {
    inbox.add(() -> {});
    result.r2 = sleep.mustWake();
  }
}
