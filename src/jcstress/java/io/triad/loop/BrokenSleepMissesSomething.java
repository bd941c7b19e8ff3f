package io.triad.loop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * The twin of {@link SleepMissesNothing} with the mistake that the protocol is there to avoid: it
 * looks into the inbox before it writes the state. This test must fail; if it passes, the other one
 * proves nothing on this machine.
 */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "waits, and is woken")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "saw the message")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "saw it, woken for nothing")
@Outcome(id = "true, false", expect = Expect.FORBIDDEN, desc = "the message is missed")
@State
public class BrokenSleepMissesSomething {
  private final Inbox inbox = new Inbox();
  private final SleepProtocol sleep = new SleepProtocol();

  /** The loop. */
  @Actor
  public void loop(ZZ_Result result) {
    boolean nothingArrived = inbox.isEmpty(); // too early
    result.r1 = sleep.prepareToSleep(() -> nothingArrived);
  }

  /** Another thread. */
  @Actor
  public void producer(ZZ_Result result) {
    inbox.add(() -> {});
    result.r2 = sleep.mustWake();
  }
}
