package io.triad.loop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A producer adds two messages while the loop takes. {@code r1} and {@code r2} say in which place,
 * counted from 1 over all takings, they came; 0 would be lost.
 */
@JCStressTest
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "both came, in their order")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost, doubled or out of order")
@State
public class InboxLosesNothing {
  private final Inbox inbox = new Inbox();
  private int taken;
  private int first;
  private int second;

  /** A producer. */
  @Actor
  public void producer() {
    inbox.add(() -> first = taken);
    inbox.add(() -> second = taken);
  }

  /** The loop, while the producer adds. */
  @Actor
  public void loop() {
    take();
  }

  /** The loop, later. */
  @Arbiter
  public void later(II_Result result) {
    take();
    result.r1 = first;
    result.r2 = second;
  }

  private void take() {
    for (Inbox.Node node = inbox.takeAll(); node != null; node = node.next) {
      taken++;
      node.message.run();
    }
  }
}
