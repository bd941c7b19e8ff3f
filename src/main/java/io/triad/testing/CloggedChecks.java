package io.triad.testing;

import io.triad.BusyResourceException;
import io.triad.ClosedResourceException;
import io.triad.Nursery;
import io.triad.stream.AsyncResource;
import io.triad.stream.ReceiveStream;
import io.triad.stream.SendStream;
import java.util.ArrayList;
import java.util.List;

/** CHK-25 to CHK-33: what holds while sending blocks. */
final class CloggedChecks {
  private static final byte[] X = {'x'};

  private CloggedChecks() {}

  static void run(StreamMaker<? extends SendStream, ? extends ReceiveStream> maker) {
    Check.withPair("CHK-25: clogged", maker, CloggedChecks::clogged);
    Check.withPair("CHK-26: clogged, then freed", maker, CloggedChecks::order);
    Check.withPair("CHK-27 and CHK-28: clogged, with conflicts of waiters", maker,
        CloggedChecks::waiters);
    Check.withPair("CHK-29: clogged, with two senders", maker, CloggedChecks::senders);
    Check.withPair("CHK-30: clogged, and the receiver goes", maker, CloggedChecks::receiverGoes);
    Check.withPair("CHK-31: clogged, with the receiver gone", maker, CloggedChecks::receiverGone);
    Check.withPair("CHK-32: clogged, and closed while sending", maker, CloggedChecks::closedSend);
    Check.withPair("CHK-33: clogged, and closed while waiting", maker, CloggedChecks::closedWait);
  }

  private static void receiveUntilCancelled(ReceiveStream receiver) throws Exception {
    for (;;) {
      receiver.receiveSome(16 * 1024);
    }
  }

  private static void clogged(SendStream sender, ReceiveStream receiver) {
    String promise = "CHK-25: on a clogged stream sending must block until the other end receives";
    boolean[] receiving = {false};
    Nursery.open(
        nursery -> {
          nursery.startSoon(
              () -> {
                Check.checkpoint(promise, () -> sender.sendAll(X));
                Check.that(promise, receiving[0], "it did not block");
                nursery.cancelScope().cancel();
              });
          Settling.waitAllTasksBlocked();
          receiving[0] = true;
          receiveUntilCancelled(receiver);
        });
  }

  private static void order(SendStream sender, ReceiveStream receiver) {
    String promise =
        "CHK-26: waitSendAllMightNotBlock must block until the other end receives, and no longer";
    List<String> events = new ArrayList<>();
    Nursery.open(
        nursery -> {
          nursery.startSoon(
              () -> {
                events.add("waiter sleeping");
                Check.checkpoint(promise, sender::waitSendAllMightNotBlock);
                events.add("waiter woke up");
                nursery.cancelScope().cancel();
              });
          Settling.waitAllTasksBlocked();
          events.add("receiver starting");
          receiveUntilCancelled(receiver);
        });
    Check.that(
        promise,
        events.equals(List.of("waiter sleeping", "receiver starting", "waiter woke up")),
        "the order was " + events);
  }

  private static void waiters(SendStream sender, ReceiveStream receiver) {
    Check.conflict(
        "CHK-27: two tasks must not wait to send at once",
        BusyResourceException.class,
        sender::waitSendAllMightNotBlock,
        sender::waitSendAllMightNotBlock);
    // The last thing done with this pair: a sender that was cancelled may be of no use any more.
    Check.conflict(
        "CHK-28: one task must not wait to send while another one sends",
        BusyResourceException.class,
        sender::waitSendAllMightNotBlock,
        () -> sender.sendAll(X));
  }

  private static void senders(SendStream sender, ReceiveStream receiver) {
    Check.conflict(
        "CHK-29: two tasks must not send at once",
        BusyResourceException.class,
        () -> sender.sendAll(X),
        () -> sender.sendAll(X));
  }

  private static void receiverGoes(SendStream sender, ReceiveStream receiver) {
    String promise = "CHK-30: when the receiver goes, who waits to send must be let go, or broken";
    Check.whileBlocked(
        () -> Check.checkpointOrBroken(promise, sender::waitSendAllMightNotBlock),
        () -> AsyncResource.closeForcefully(receiver));
  }

  private static void receiverGone(SendStream sender, ReceiveStream receiver) throws Exception {
    AsyncResource.closeForcefully(receiver);
    Check.checkpointOrBroken(
        "CHK-31: with the receiver gone, waiting to send must return, or be broken",
        sender::waitSendAllMightNotBlock);
  }

  private static void closedSend(SendStream sender, ReceiveStream receiver) {
    String promise = "CHK-32: a close by this side must wake its blocked sendAll, with closed";
    Check.whileBlocked(
        () -> Check.fails(promise, ClosedResourceException.class, () -> sender.sendAll(X)),
        () -> AsyncResource.closeForcefully(sender));
  }

  private static void closedWait(SendStream sender, ReceiveStream receiver) {
    String promise = "CHK-33: a close by this side must wake who waits to send, with closed";
    Check.whileBlocked(
        () -> Check.fails(promise, ClosedResourceException.class, sender::waitSendAllMightNotBlock),
        () -> AsyncResource.closeForcefully(sender));
  }
}
