package io.triad.testing;

import io.triad.BusyResourceException;
import io.triad.ClosedResourceException;
import io.triad.stream.HalfCloseableStream;
import java.util.Arrays;

/** CHK-38 to CHK-43: what holds when one direction is ended on its own. */
final class HalfCloseChecks {
  private static final byte[] X = {'x'};

  private HalfCloseChecks() {}

  static void run(
      StreamMaker<? extends HalfCloseableStream, ? extends HalfCloseableStream> maker) {
    Check.withPair("CHK-38 to CHK-41: one direction ends after the other", maker,
        HalfCloseChecks::oneAfterTheOther);
  }

  static void runClogged(
      StreamMaker<? extends HalfCloseableStream, ? extends HalfCloseableStream> maker) {
    Check.withPair("CHK-42: clogged, and ended while sending", maker, HalfCloseChecks::sending);
    Check.withPair("CHK-43: clogged, and ended while waiting", maker, HalfCloseChecks::waiting);
  }

  private static void oneAfterTheOther(HalfCloseableStream left, HalfCloseableStream right) {
    String half = "CHK-38: a byte and sendEof must arrive as that byte and the end";
    Check.that(
        half,
        HalfCloseableStream.class.isInstance(left) && HalfCloseableStream.class.isInstance(right),
        "one of the ends is null");
    byteAndEnd(half, left, right);
    Check.fails(
        "CHK-39: sending after sendEof must say closed",
        ClosedResourceException.class,
        () -> left.sendAll(X));
    Check.checkpoint("CHK-40: sendEof may be said again, with a checkpoint", left::sendEof);
    byteAndEnd(
        "CHK-41: after sendEof the other direction must still work, its own end included",
        right,
        left);
  }

  private static void byteAndEnd(
      String promise, HalfCloseableStream from, HalfCloseableStream to) {
    Check.together(
        () -> {
          Check.checkpoint(promise, () -> from.sendAll(X));
          Check.checkpoint(promise, from::sendEof);
        },
        () -> {
          Settling.waitAllTasksBlocked();
          byte[] received = to.receiveSome(10);
          Check.that(promise, Arrays.equals(received, X), "the byte was lost");
          OneWayChecks.expectEnd(promise, to);
        });
  }

  private static void sending(HalfCloseableStream left, HalfCloseableStream right) {
    Check.conflict(
        "CHK-42: sendEof while another task is blocked in sendAll must be busy",
        BusyResourceException.class,
        () -> left.sendAll(X),
        () -> {
          Settling.waitAllTasksBlocked();
          left.sendEof();
        });
  }

  private static void waiting(HalfCloseableStream left, HalfCloseableStream right) {
    Check.conflict(
        "CHK-43: sendEof while another task waits to send must be busy",
        BusyResourceException.class,
        left::waitSendAllMightNotBlock,
        () -> {
          Settling.waitAllTasksBlocked();
          left.sendEof();
        });
  }
}
