package io.triad.loop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Two producers add at the same time, one of them twice. {@code r1} and {@code r2} say in which
 * place, counted from 1, the two messages of the first came, {@code r3} that of the other; 0 would
 * be lost.
 */
@JCStressTest
@Outcome(
    id = {"1, 2, 3", "1, 3, 2", "2, 3, 1"},
    expect = Expect.ACCEPTABLE,
    desc = "all came, those of one producer in their order")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost, doubled or out of order")
@State
public class InboxServesTwoProducers {
  private final Inbox inbox = new Inbox();
  private int taken;
  private int first;
  private int second;
  private int other;

  /** A producer of two messages. */
  @Actor
  public void twice() {
    inbox.add(() -> first = taken);
    inbox.add(() -> second = taken);
  }

  /** A producer of one message. */
  @Actor
  public void once() {
    inbox.add(() -> other = taken);
  }

  /** The loop, later. */
  @Arbiter
  public void later(III_Result result) {
    for (Inbox.Node node = inbox.takeAll(); node != null; node = node.next) {
      taken++;
      node.message.run();
    }
    result.r1 = first;
    result.r2 = second;
    result.r3 = other;
  }
}
