package io.triad.platform.windows;

import io.triad.engine.Operation;
import io.triad.platform.windows.ffi.PortCalls;
import io.triad.platform.windows.ffi.Windows;

/**
 * One ACCEPT. AcceptEx takes one connection, on a socket made before, so a few of them stand ready at
 * a time; each that has taken one is replaced. When the operation is cancelled, all of them are, and
 * what they have taken until then is delivered; after their last packet the operation ends.
 */
final class Acceptor {
  /** How many connections can be taken between two passes; the others wait in the backlog. */
  private static final int READY = 4;

  private static final int GOES_ON = 0;

  private final IocpEngine engine;
  private final PortCalls calls;
  private final OverlappedBlocks blocks;
  private final OverlappedCalls starts;
  private final Cancellations cancellations;

  /** The operation's own, of which the kernel knows nothing. */
  private final Overlapped own;

  private final Operation operation;
  private final int listener;
  private final int family;
  private final Overlapped[] standing = new Overlapped[READY];
  private int count;

  /** What the operation will end with. */
  private int ending = GOES_ON;

  /**
   * Makes one that does nothing yet.
   *
   * @param family of the listener
   */
  Acceptor(
      IocpEngine engine,
      PortCalls calls,
      OverlappedBlocks blocks,
      OverlappedCalls starts,
      Cancellations cancellations,
      Overlapped own,
      int family) {
    this.engine = engine;
    this.calls = calls;
    this.blocks = blocks;
    this.starts = starts;
    this.cancellations = cancellations;
    this.own = own;
    this.family = family;
    operation = own.operation();
    listener = operation.descriptor();
  }

  /** Begins; answers an error if nothing was begun. */
  int begin() {
    for (int i = 0; i < READY; i++) {
      int result = stand();
      if (result < 0) {
        if (count == 0) {
          return result;
        }
        end(result);
        break;
      }
    }
    return PortCalls.PENDING;
  }

  /** Has one more call stand ready; answers 0 or an error. */
  private int stand() {
    int socket = calls.openStream(family);
    if (socket < 0) {
      return socket;
    }
    Overlapped block = blocks.takeFor(operation);
    block.step = Overlapped.Step.ACCEPT;
    block.companion = socket;
    int answer;
    do {
      answer = starts.accept(block, listener, socket);
    } while (isLost(answer)); // one connection each time
    if (answer < 0 && answer != PortCalls.PENDING) {
      blocks.give(block);
      calls.closeSocket(socket);
      return answer;
    }
    standing[count++] = block;
    engine.started(block, answer);
    return 0;
  }

  /** A connection that its peer gave up before anybody took it. */
  private static boolean isLost(int result) {
    return result == -Windows.WSAECONNRESET()
        || result == -Windows.WSAECONNABORTED()
        || result == -Windows.ERROR_NETNAME_DELETED();
  }

  /** Asks all calls to end; what they have taken is still told. */
  void cancel() {
    end(Operation.CANCELED);
  }

  private void end(int result) {
    if (ending == GOES_ON) {
      ending = result;
      for (int i = 0; i < count; i++) {
        cancellations.ask(standing[i]);
      }
    }
  }

  /** One of the calls has ended. */
  void completed(Overlapped block, int result) {
    remove(block);
    int socket = block.companion;
    blocks.give(block);
    int outcome = result < 0 ? result : calls.finishAccept(socket, listener);
    if (outcome >= 0) {
      engine.accepted(operation, socket);
    } else {
      calls.closeSocket(socket);
      if (!isLost(outcome)) {
        end(outcome);
      }
    }
    if (ending == GOES_ON) {
      int failure = stand();
      if (failure < 0) {
        end(failure);
      }
    }
    if (count == 0) {
      engine.finish(own, ending);
    }
  }

  private void remove(Overlapped block) {
    for (int i = 0; i < count; i++) {
      if (standing[i] == block) {
        standing[i] = standing[--count];
        return;
      }
    }
    throw new IllegalStateException("accepts nothing: block " + block.index);
  }
}
