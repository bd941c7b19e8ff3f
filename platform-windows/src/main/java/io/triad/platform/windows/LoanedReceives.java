package io.triad.platform.windows;

import io.triad.engine.EngineWatcher;
import io.triad.engine.Operation;
import io.triad.engine.ReceiveStock;
import io.triad.platform.windows.Overlapped.Step;
import io.triad.platform.windows.ffi.PortCalls;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * RECEIVE_LOANED: a receive of no bytes, which ends when there are some and holds no memory until then,
 * followed by a receive into a buffer, which ends at once. After a full buffer there is more, very
 * likely, so the next is tried without asking, in the next pass, after the others.
 */
final class LoanedReceives {
  private final IocpEngine engine;
  private final OverlappedCalls starts;
  private final ReceiveStock buffers;

  /** Those that wait for a buffer to come back. */
  private final ArrayDeque<Overlapped> starved = new ArrayDeque<>();

  LoanedReceives(IocpEngine engine, OverlappedCalls starts, ReceiveStock buffers) {
    this.engine = engine;
    this.starts = starts;
    this.buffers = buffers;
  }

  /** Waits until there is something. */
  void probe(Overlapped block) {
    block.step = Step.PROBE;
    engine.started(block, starts.receive(block, 0, 0));
  }

  /** The kernel has said that there is something, or why there will be nothing. */
  void probed(Overlapped block, int result) {
    if (result < 0) {
      engine.finish(block, result);
    } else {
      fill(block);
    }
  }

  /** Receives it, unless that was cancelled. */
  void fill(Overlapped block) {
    Operation operation = block.operation();
    if (operation.cancelRequested()) {
      engine.finish(block, Operation.CANCELED);
      return;
    }
    ReceiveStock.@Nullable Buffer buffer = buffers.take();
    if (buffer == null) {
      EngineWatcher.noBufferFor(operation, buffers.lent(), true);
      block.step = Step.FILL_NEXT;
      starved.add(block);
      return;
    }
    block.buffer = buffer;
    block.step = Step.FILL;
    int answer = starts.receive(block, buffer.address(), ReceiveStock.BUFFER_BYTES);
    if (answer == PortCalls.PENDING) {
      engine.started(block, answer); // somebody else has received what was there
    } else {
      filled(block, answer); // we are in poll: no reason to wait for the next
    }
  }

  /** The receive into a buffer has ended. */
  void filled(Overlapped block, int result) {
    ReceiveStock.@Nullable Buffer buffer = block.buffer;
    assert buffer != null;
    block.buffer = null;
    if (result <= 0) {
      buffer.release();
      engine.finish(block, result);
      return;
    }
    buffer.filled(result);
    engine.deliver(block.operation(), result, buffer);
    if (block.operation().cancelRequested()) {
      engine.finish(block, Operation.CANCELED);
    } else if (result == ReceiveStock.BUFFER_BYTES) {
      block.step = Step.FILL_NEXT;
      engine.giveTurn(block);
    } else {
      probe(block);
    }
  }

  /** Takes one out that was cancelled while it waits for a buffer; whether it did. */
  boolean withdraw(Overlapped block) {
    return starved.remove(block);
  }

  /** Gives those their turn for whom there are buffers now. */
  void feed() {
    for (int n = Math.min(starved.size(), buffers.available()); n > 0; n--) {
      engine.giveTurn(starved.remove());
    }
  }
}
