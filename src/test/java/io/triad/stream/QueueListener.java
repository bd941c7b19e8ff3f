package io.triad.stream;

import io.triad.ClosedResourceException;
import io.triad.Triad;
import io.triad.sync.Event;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/** A listener without a network: tests connect to it, and look at what was made of it. */
final class QueueListener implements Listener<QueueListener.Connection> {
  /** Two-way only by type. Waits for {@link #finish} when received from. */
  static final class Connection implements ByteStream {
    private final Event finished = new Event();
    private final Event closedEvent = new Event();
    private boolean closedForcefully;
    final int number;

    Connection(int number) {
      this.number = number;
    }

    /** Lets whoever receives see the end. */
    void finish() {
      finished.set();
    }

    boolean isClosed() {
      return closedEvent.isSet();
    }

    boolean isClosedForcefully() {
      return closedForcefully;
    }

    @Override
    public int receiveSome(MemorySegment into) {
      finished.await();
      return -1;
    }

    @Override
    public void sendAll(MemorySegment data) {
      Triad.checkpoint();
    }

    @Override
    public void waitSendAllMightNotBlock() {
      Triad.checkpoint();
    }

    @Override
    public void close() {
      closedForcefully |=
          Triad.currentEffectiveDeadline().equals(Triad.FOREVER.negated());
      closedEvent.set();
      Triad.checkpoint();
    }
  }

  private final Deque<Connection> waiting = new ArrayDeque<>();
  private Event changed = new Event();
  private IOException failure;
  private IOException closeFailure;
  private boolean closed;
  private int made;
  int pauses;

  /** Makes a connection and puts it into the queue. */
  Connection connect() {
    Connection connection = new Connection(made++);
    waiting.add(connection);
    change();
    return connection;
  }

  /** Lets accept fail. */
  void fail(IOException exception) {
    failure = exception;
    change();
  }

  /** Lets close fail. */
  void failToClose(IOException exception) {
    closeFailure = exception;
  }

  private void change() {
    changed.set();
    changed = new Event();
  }

  int backlog() {
    return waiting.size();
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public Connection accept() throws IOException {
    Triad.checkpoint();
    for (;;) {
      if (closed) {
        throw new ClosedResourceException("closed");
      }
      if (failure != null) {
        throw failure;
      }
      if (!waiting.isEmpty()) {
        return waiting.remove();
      }
      changed.await();
    }
  }

  @Override
  public void pause() {
    pauses++;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    change();
    Triad.checkpoint();
    if (closeFailure != null) {
      throw closeFailure;
    }
  }
}
