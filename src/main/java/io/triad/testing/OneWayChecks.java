package io.triad.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.triad.BrokenResourceException;
import io.triad.BusyResourceException;
import io.triad.ClosedResourceException;
import io.triad.Nursery;
import io.triad.stream.AsyncResource;
import io.triad.stream.ReceiveStream;
import io.triad.stream.SendStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** CHK-01 to CHK-24: what holds for any two ends of a connection. */
final class OneWayChecks {
  private static final byte[] X = {'x'};
  private static final byte[] Y = {'y'};
  private static final byte[] NOTHING = {};
  private static final byte[] HUNDRED = new byte[100];

  private OneWayChecks() {}

  static void run(StreamMaker<? extends SendStream, ? extends ReceiveStream> maker) {
    Check.withPair("CHK-01 to CHK-08: sending and receiving", maker, OneWayChecks::data);
    Check.withPair("CHK-06 and CHK-07: arguments", maker, OneWayChecks::arguments);
    Check.withPair("CHK-09 and CHK-10: several tasks", maker, OneWayChecks::concurrency);
    Check.withPair("CHK-11 to CHK-18: the receiver closes", maker, OneWayChecks::closedReceiver);
    Check.withPair("CHK-19: the sender closes", maker, OneWayChecks::closedSender);
    Check.withPair("CHK-20: the receiver closes forcefully", maker, OneWayChecks::forcedReceiver);
    Check.withPair("CHK-21: the sender closes forcefully", maker, OneWayChecks::forcedSender);
    Check.withPair("CHK-22: closing is cancelled", maker, OneWayChecks::cancelledClose);
    Check.withPair("CHK-23: a transfer is cancelled", maker, OneWayChecks::cancelledTransfer);
    Check.withPair("CHK-24: the receiver is closed beneath its task", maker,
        OneWayChecks::closedUnderneath);
  }

  /** Receives exactly some bytes, in single bytes so that no more is taken. */
  private static void expect(String promise, ReceiveStream receiver, byte... expected)
      throws IOException {
    for (byte each : expected) {
      byte[] received = receiver.receiveSome(1);
      Check.that(
          promise,
          Arrays.equals(received, new byte[] {each}),
          "instead of '" + (char) each + "' it received " + Arrays.toString(received));
    }
  }

  static void expectEnd(String promise, ReceiveStream receiver) throws IOException {
    byte[] received = receiver.receiveSome(10);
    Check.that(
        promise,
        received.length == 0,
        "instead of the end it received " + Arrays.toString(received));
  }

  private static void data(SendStream sender, ReceiveStream receiver) throws Exception {
    Check.that(
        "CHK-01: the first end must be a SendStream, the second a ReceiveStream",
        SendStream.class.isInstance(sender) && ReceiveStream.class.isInstance(receiver),
        "one of them is null");

    String oneByte = "CHK-02: a byte that is sent must be received, both with a checkpoint";
    Check.together(
        () -> Check.checkpoint(oneByte, () -> sender.sendAll(X)),
        () -> Check.checkpoint(oneByte, () -> expect(oneByte, receiver, X)));

    String nothing = "CHK-03: sending nothing must send nothing, end nothing, and be a checkpoint";
    Check.together(
        () -> {
          Check.checkpoint(nothing, () -> sender.sendAll(NOTHING));
          Check.checkpoint(nothing, () -> sender.sendAll(Y));
        },
        () -> Check.checkpoint(nothing, () -> expect(nothing, receiver, Y)));

    String heap = "CHK-04: arrays and heap buffers must be sent, from position to limit";
    ByteBuffer heapBuffer = ByteBuffer.wrap("-heap-".getBytes(US_ASCII)).position(1).limit(5);
    Check.together(
        () -> {
          Check.checkpoint(heap, () -> sender.sendAll("array".getBytes(US_ASCII)));
          Check.checkpoint(heap, () -> sender.sendAll(heapBuffer));
        },
        () -> expect(heap, receiver, "arrayheap".getBytes(US_ASCII)));
    Check.that(heap, heapBuffer.position() == 5 && heapBuffer.limit() == 5, "it is " + heapBuffer);

    nativeData(sender, receiver);

    String unlimited = "CHK-08: receiveSome must work without a limit and be a checkpoint";
    Check.together(
        () -> sender.sendAll(X),
        () -> Check.checkpoint(
            unlimited,
            () -> Check.that(
                unlimited, Arrays.equals(receiver.receiveSome(), X), "it lost the byte")));
  }

  private static void nativeData(SendStream sender, ReceiveStream receiver) {
    String promise =
        "CHK-05: direct buffers, segments and lists must be sent, from position to limit";
    try (Arena arena = Arena.ofShared()) {
      ByteBuffer direct = ByteBuffer.allocateDirect(8).put("-direct-".getBytes(US_ASCII));
      direct.position(1).limit(7);
      ByteBuffer readOnly = ByteBuffer.wrap(X).asReadOnlyBuffer();
      MemorySegment segment = arena.allocate(8);
      MemorySegment.copy("-native-".getBytes(US_ASCII), 0, segment, ValueLayout.JAVA_BYTE, 0, 8);
      MemorySegment heap = MemorySegment.ofArray("-heap-".getBytes(US_ASCII));
      List<ByteBuffer> list = List.of(ByteBuffer.wrap(X), ByteBuffer.wrap(NOTHING), readOnly);
      Check.together(
          () -> {
            Check.checkpoint(promise, () -> sender.sendAll(direct));
            Check.checkpoint(promise, () -> sender.sendAll(segment.asSlice(1, 6)));
            Check.checkpoint(promise, () -> sender.sendAll(heap.asSlice(1, 4).asReadOnly()));
            Check.checkpoint(promise, () -> sender.sendAll(list));
          },
          () -> expect(promise, receiver, "directnativeheapxx".getBytes(US_ASCII)));
      Check.that(promise, direct.position() == 7 && direct.limit() == 7, "it is " + direct);
      Check.that(promise, !readOnly.hasRemaining(), "a buffer of the list is " + readOnly);
    }
  }

  private static void arguments(SendStream sender, ReceiveStream receiver) {
    String limit = "CHK-06: a limit below one, or no room, must be an IllegalArgumentException";
    for (int each : new int[] {-1, 0}) {
      Check.fails(limit, IllegalArgumentException.class, () -> receiver.receiveSome(each));
    }
    Check.fails(
        limit,
        IllegalArgumentException.class,
        () -> receiver.receiveSome(ByteBuffer.allocate(0)));
    Check.fails(
        limit,
        IllegalArgumentException.class,
        () -> receiver.receiveSome(MemorySegment.ofArray(new byte[0])));

    for (Method method : receiver.getClass().getMethods()) {
      Check.that(
          "CHK-07: a limit must be a whole number",
          !method.getName().equals("receiveSome")
              || Arrays.stream(method.getParameterTypes())
                  .noneMatch(type -> type == double.class || type == float.class),
          "there is " + method);
    }
  }

  private static void concurrency(SendStream sender, ReceiveStream receiver) {
    Check.conflict(
        "CHK-09: of two tasks that receive at once, one must get BusyResourceException",
        BusyResourceException.class,
        () -> receiver.receiveSome(1),
        () -> receiver.receiveSome(1));

    String promise = "CHK-10: with a receiver waiting, waitSendAllMightNotBlock must return";
    Check.passes(
        promise,
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(() -> receiver.receiveSome(1));
              Check.checkpoint(promise, sender::waitSendAllMightNotBlock);
              nursery.cancelScope().cancel();
            }));
  }

  private static void sendUntilItFails(SendStream sender) throws IOException {
    for (;;) {
      sender.sendAll(HUNDRED);
    }
  }

  private static void closedReceiver(SendStream sender, ReceiveStream receiver) {
    String broken = "CHK-11: when the receiver closes, sending must end as broken";
    Check.together(
        () -> Check.checkpoint(broken, receiver::close),
        () -> Check.fails(broken, BrokenResourceException.class, () -> sendUntilItFails(sender)));
    Check.fails(
        "CHK-12: a stream that is broken must stay broken",
        BrokenResourceException.class,
        () -> sender.sendAll(HUNDRED));
    Check.fails(
        "CHK-13: receiving from a stream that this side closed must say closed",
        ClosedResourceException.class,
        () -> receiver.receiveSome(4096));
    closeTwice("CHK-14: a receiver may be closed again, with a checkpoint", receiver);
    Check.checkpoint("CHK-15: a broken sender can be closed, with a checkpoint", sender::close);
    Check.fails(
        "CHK-16: once closed, the sender must say closed and no longer broken",
        ClosedResourceException.class,
        () -> sender.sendAll(HUNDRED));
    String evenNothing = "CHK-17: sending nothing, and waiting to send, must say closed as well";
    Check.fails(evenNothing, ClosedResourceException.class, () -> sender.sendAll(NOTHING));
    Check.fails(evenNothing, ClosedResourceException.class, sender::waitSendAllMightNotBlock);
    closeTwice("CHK-18: a sender may be closed again, with a checkpoint", sender);
  }

  private static void closeTwice(String promise, AsyncResource resource) {
    Check.checkpoint(promise, resource::close);
    Check.checkpoint(promise, resource::close);
  }

  private static void closedSender(SendStream sender, ReceiveStream receiver) {
    String promise = "CHK-19: what was sent before the close must arrive, then the end, for ever";
    Check.together(
        () -> {
          Check.checkpoint(promise, () -> sender.sendAll(Y));
          Check.checkpoint(promise, sender::close);
        },
        () -> {
          Settling.waitAllTasksBlocked();
          Check.checkpoint(promise, () -> expect(promise, receiver, Y));
          Check.checkpoint(promise, () -> expectEnd(promise, receiver));
          Check.checkpoint(promise, () -> expectEnd(promise, receiver));
          Check.checkpoint(promise, receiver::close);
        });
  }

  private static void forcedReceiver(SendStream sender, ReceiveStream receiver) {
    String promise = "CHK-20: after a forceful close of the receiver, ";
    Check.checkpoint(
        promise + "which is a checkpoint", () -> AsyncResource.closeForcefully(receiver));
    Check.fails(
        promise + "sending must end as broken",
        BrokenResourceException.class,
        () -> sendUntilItFails(sender));
    Check.fails(
        promise + "receiving must say closed",
        ClosedResourceException.class,
        () -> receiver.receiveSome(4096));
  }

  private static void forcedSender(SendStream sender, ReceiveStream receiver) {
    String promise = "CHK-21: after a forceful close of the sender, ";
    Check.checkpoint(
        promise + "which is a checkpoint", () -> AsyncResource.closeForcefully(sender));
    Check.fails(
        promise + "sending must say closed",
        ClosedResourceException.class,
        () -> sender.sendAll(HUNDRED));
    String end = promise + "the receiver must see the end or a break";
    Check.checkpointOrBroken(end, () -> expectEnd(end, receiver));
  }

  private static void cancelledClose(SendStream sender, ReceiveStream receiver) {
    String promise = "CHK-22: a close that is cancelled must close nevertheless";
    Check.cancelled(promise, receiver::close);
    Check.cancelled(promise, sender::close);
    Check.fails(promise, ClosedResourceException.class, () -> sender.sendAll(HUNDRED));
    Check.fails(promise, ClosedResourceException.class, () -> receiver.receiveSome(4096));
  }

  private static void cancelledTransfer(SendStream sender, ReceiveStream receiver) {
    String promise = "CHK-23: in a cancelled scope, sending and receiving must be cancelled";
    Check.together(
        () -> Check.cancelled(promise, () -> sender.sendAll(X)),
        () -> Check.cancelled(promise, () -> receiver.receiveSome(1)));
    String afterwards = "CHK-23: after a cancelled transfer, both ends must close gracefully";
    Check.together(
        () -> Check.checkpoint(afterwards, sender::close),
        () -> Check.checkpoint(afterwards, receiver::close));
  }

  private static void closedUnderneath(SendStream sender, ReceiveStream receiver) {
    String promise = "CHK-24: a close by this side must wake its blocked receiver, with closed";
    Check.whileBlocked(
        () -> Check.fails(promise, ClosedResourceException.class, () -> receiver.receiveSome(1)),
        () -> Check.checkpoint(promise, () -> AsyncResource.closeForcefully(receiver)));
  }
}
