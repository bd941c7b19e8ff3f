package io.triad.sync;

import io.triad.BrokenResourceException;
import io.triad.CancelScope;
import io.triad.ClosedResourceException;
import io.triad.EndOfChannelException;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.loop.WaitQueue;
import io.triad.loop.Waiter;
import io.triad.stream.ReceiveChannel;
import io.triad.stream.SendChannel;
import org.jspecify.annotations.Nullable;

/**
 * A producer at work: a channel without a buffer, whose sender goes on only while a receiver waits.
 *
 * <p>That a receiver waits <em>is</em> the demand. Nothing is counted, so a receiver that is cancelled
 * takes its demand with it, and one that finds the producer waiting to send makes none.
 */
final class Production<T> {
  private final MemoryPipe<T> pipe = new MemoryPipe<>(0);
  private final Receiver receiver = new Receiver();
  private final Sender sender = new Sender();

  /** The producer, or several of its tasks, until there is demand. */
  private final WaitQueue<Waiter> pausing = new WaitQueue<>();

  /** What told the producer that nobody wants anything any more: no failure if it comes out. */
  private @Nullable BrokenResourceException unwanted;

  Receiver receiver() {
    return receiver;
  }

  /**
   * The life of the background task. If it fails, the block is cancelled before the sending end is
   * closed, so that it does not take that for an orderly end, unless it is shielded.
   */
  <E extends Exception> void run(Producer<T, E> producer, CancelScope block) throws E {
    try {
      if (awaitDemand()) {
        producer.produce(sender);
      }
    } catch (Throwable thrown) {
      if (thrown != unwanted) {
        block.cancel("the producer threw " + thrown.getClass().getName());
        throw thrown;
      }
    } finally {
      sender.end.closeNow();
    }
  }

  /** Answers false if there will be no demand any more. */
  private boolean awaitDemand() {
    Fiber fiber = Loop.requireFiber();
    fiber.checkpointIfCancelled(); // the end of the block both cancels and closes
    while (pipe.hasReceivers() && pipe.receivers().isEmpty()) {
      pausing.await(new Waiter(fiber), this);
    }
    return pipe.hasReceivers();
  }

  @Override
  public String toString() {
    return "demand for the next object of a producer";
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  static <E extends Throwable> E asUnchecked(Throwable throwable) throws E {
    throw (E) throwable;
  }

  /** The producer's end. */
  private final class Sender implements SendChannel<T> {
    private final MemorySendChannel<T> end = new MemorySendChannel<>(pipe);

    @Override
    public void send(T value) throws ClosedResourceException, BrokenResourceException {
      try {
        end.send(value);
        if (!awaitDemand()) {
          throw new BrokenResourceException("nobody receives from this producer any more", null);
        }
      } catch (BrokenResourceException broken) {
        unwanted = broken;
        throw broken;
      }
    }

    @Override
    public void close() {
      end.close();
    }
  }

  /** The end that the block gets. */
  final class Receiver implements ReceiveChannel<T> {
    private final MemoryReceiveChannel<T> end = new MemoryReceiveChannel<>(pipe);

    @Override
    public T receive() throws EndOfChannelException, ClosedResourceException {
      pausing.resumeAll(); // they look after the caller has begun to wait
      return end.receive();
    }

    @Override
    public void close() {
      closeNow();
      Loop.requireFiber().checkpoint();
    }

    void closeNow() {
      end.closeNow();
      pausing.resumeAll();
    }
  }
}
