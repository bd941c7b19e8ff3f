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
 *
 * <p>In the end it is closed. Closing and adding meet at the same variable: a message is either taken
 * by the closing, or refused.
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

  /** On top of a closed inbox. */
  private static final Node CLOSED = new Node(() -> {});

  /** One message. */
  static final class Node {
    final Runnable message;
    @Nullable Node next;

    Node(Runnable message) {
      this.message = message;
    }
  }

  /**
   * Adds a message; any thread. A full fence: what the caller reads next is read after.
   *
   * @return false if the inbox is closed
   */
  public boolean add(Runnable message) {
    Node node = new Node(message);
    Node seen;
    do {
      seen = top;
      if (seen == CLOSED) {
        return false;
      }
      node.next = seen;
    } while (!TOP.compareAndSet(this, seen, node));
    return true;
  }

  /** Whether nothing is there; any thread, true only of that instant. */
  public boolean isEmpty() {
    return top == null;
  }

  /** How many messages are there; the loop's thread, because it is the one that takes them. */
  int size() {
    int size = 0;
    for (Node node = top; node != null && node != CLOSED; node = node.next) {
      size++;
    }
    return size;
  }

  /** Takes everything, oldest first; the loop's thread, before it closes the inbox. */
  @Nullable Node takeAll() {
    return top == null ? null : turnedRound((Node) TOP.getAndSet(this, null));
  }

  /** Takes everything, oldest first, and refuses what comes later; the loop's thread, once. */
  @Nullable Node close() {
    return turnedRound((Node) TOP.getAndSet(this, CLOSED));
  }

  private static @Nullable Node turnedRound(@Nullable Node top) {
    Node node = top;
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
