package io.triad.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What other threads leave for the loop. Any thread adds; only the loop takes, everything at once.
 *
 * <p>A stack of nodes with one compare-and-set per addition; the taker swaps the whole stack for
 * null and turns it round, so it reads what it gets in the order of the additions. There is no
 * removal of single nodes, hence no ABA.
 */
public final class Inbox {
  private static final VarHandle TOP;

  static {
    try {
      TOP = MethodHandles.lookup().findVarHandle(Inbox.class, "top", Node.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // by TOP
  private volatile @Nullable Node top;

  /** One message. */
  static final class Node {
    final Runnable message;
    @Nullable Node next;

    Node(Runnable message) {
      this.message = message;
    }
  }

  /** Adds a message; any thread. A full fence: what the caller reads next is read after. */
  public void add(Runnable message) {
    Node node = new Node(message);
    Node seen;
    do {
      seen = top;
      node.next = seen;
    } while (!TOP.compareAndSet(this, seen, node));
  }

  /** Whether nothing is there; any thread, true only of that instant. */
  public boolean isEmpty() {
    return top == null;
  }

  /** Takes everything, oldest first; the loop's thread, and anybody after the loop's end. */
  @Nullable Node takeAll() {
    if (top == null) {
      return null;
    }
    Node node = (Node) TOP.getAndSet(this, null);
    Node oldest = null;
    while (node != null) {
      Node next = node.next;
      node.next = oldest;
      oldest = node;
      node = next;
    }
    return oldest;
  }
}
