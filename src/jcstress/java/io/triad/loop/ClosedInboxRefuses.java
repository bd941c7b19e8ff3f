package io.triad.loop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A producer adds a message while the loop takes and then closes. {@code r1} says whether it was
 * accepted, {@code r2} whether it was taken.
 */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "accepted, hence taken")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "refused")
@Outcome(id = "true, false", expect = Expect.FORBIDDEN, desc = "accepted and lost")
@Outcome(id = "false, true", expect = Expect.FORBIDDEN, desc = "refused and taken")
@State
public class ClosedInboxRefuses {
  private final Inbox inbox = new Inbox();
  private boolean taken;

  /** A producer. */
  @Actor
  public void producer(ZZ_Result result) {
    result.r1 = inbox.add(() -> taken = true);
  }

  /** The loop, at its end. */
  @Actor
  public void loop(ZZ_Result result) {
    run(inbox.takeAll());
    run(inbox.close());
    result.r2 = taken;
  }

  private static void run(Inbox.Node first) {
    for (Inbox.Node node = first; node != null; node = node.next) {
      node.message.run();
    }
  }
}
