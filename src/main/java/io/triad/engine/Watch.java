package io.triad.engine;

import io.triad.engine.Operation.Kind;
import org.jspecify.annotations.Nullable;

/** What a {@link ReadinessEngine} knows of a descriptor, and who waits there. */
final class Watch {
  /** The protocol whose data is a plain sequence of bytes; the same number on every system: IANA. */
  private static final int TCP = 6;

  final int descriptor;

  /** Who waits for something to come: data, connections. */
  final RequestQueue receivers = new RequestQueue();

  /** Who waits for room, or for a connection to be made. */
  final RequestQueue senders = new RequestQueue();

  /** Who waits for readiness as such. */
  final RequestQueue onlookers = new RequestQueue();

  /** What reports of the present registration carry. */
  int stamp;

  /** What is registered; nothing else is reported. */
  int interest;

  /** Whether the number has been registered for the file that it stood for then. */
  boolean known;

  /** How many requests have waited here and not ended: for so long the registration is good. */
  int users;

  /** Whether {@link Poller#UNEVEN} was reported, and not all has been received since. */
  boolean uneven;

  /** How many that have waited to receive have a turn now; they come before who still waits. */
  private int receiversInTurn;

  /** The same for those that have waited to send. */
  private int sendersInTurn;

  private boolean protocolKnown;
  private boolean tcp;

  Watch(int descriptor) {
    this.descriptor = descriptor;
  }

  RequestQueue queueOf(Request request) {
    return switch (request.operation().kind()) {
      case RECEIVE, RECEIVE_LOANED, ACCEPT -> receivers;
      case SEND, SEND_GATHER, SEND_ZERO_COPY, SEND_FILE, CONNECT -> senders;
      case AWAIT_READY -> onlookers;
      case CLOSE -> throw new IllegalStateException("a close waits for nothing");
    };
  }

  static int interestOf(Operation operation) {
    return switch (operation.kind()) {
      case RECEIVE, RECEIVE_LOANED, ACCEPT -> Poller.READABLE;
      case SEND, SEND_GATHER, SEND_ZERO_COPY, SEND_FILE, CONNECT -> Poller.WRITABLE;
      case AWAIT_READY -> operation.readiness();
      case CLOSE -> throw new IllegalStateException("a close waits for nothing");
    };
  }

  /** Notes that a registration was made, perhaps for another file than before, or looked at. */
  void registered(int newStamp, int newInterest, boolean another) {
    stamp = newStamp;
    interest = newInterest;
    known = true;
    uneven = false;
    protocolKnown &= !another;
  }

  /** The number is somebody else's from now on. */
  void forget() {
    known = false;
    protocolKnown = false;
  }

  /**
   * Whether a receive that brought less than it could has taken all there was. It has not if the end
   * or a mark has come behind the data, and a receive from a Unix socket stops wherever descriptors
   * come with the data (unix(7)).
   */
  boolean shortMeansEmpty(Platform platform) {
    if (uneven) {
      return false;
    }
    if (!protocolKnown) {
      protocolKnown = true;
      tcp = platform.getOption(descriptor, SocketOption.PROTOCOL) == TCP;
    }
    return tcp;
  }

  /** Notes that somebody who has waited here gets a turn (1) or takes it (-1). */
  void countTurn(Request request, int change) {
    RequestQueue queue = queueOf(request);
    if (queue == receivers) {
      receiversInTurn += change;
    } else if (queue == senders) {
      sendersInTurn += change;
    }
  }

  /** Who is to receive next; null if nobody waits, or if somebody who comes before has a turn. */
  @Nullable Request nextReceiver() {
    return receiversInTurn > 0 ? null : receivers.poll();
  }

  /** Who is to send next; null if nobody waits, or if somebody who comes before has a turn. */
  @Nullable Request nextSender() {
    return sendersInTurn > 0 ? null : senders.poll();
  }

  /** Whether somebody waits whom a new request must not overtake. */
  boolean hasPredecessors(Request request) {
    return users > 0
        && request.operation().kind() != Kind.AWAIT_READY
        && (!queueOf(request).isEmpty()
            || (queueOf(request) == receivers ? receiversInTurn : sendersInTurn) > 0);
  }
}
