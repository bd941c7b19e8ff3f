package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.engine.Operation;
import io.triad.engine.SocketOption;
import io.triad.platform.linux.ffi.Linux;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sending more than a socket holds, from one range and from many. */
@OnEveryEngine
class SendTest {
  private static final int BIG = 1 << 20;

  private final EngineMode mode;

  SendTest(EngineMode mode) {
    this.mode = mode;
  }

  /** A connection whose sending end holds very little. */
  private static int[] narrowPair(TestEngine engine) {
    int[] pair = engine.pair();
    assertThat(engine.platform().setOption(pair[0], SocketOption.SEND_BUFFER, 4096)).isZero();
    return pair;
  }

  private static byte[] randomBytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  /** Receives what is there without waiting; whether anything was. */
  private static boolean drain(int descriptor, ByteArrayOutputStream to) {
    byte[] piece = new byte[64 * 1024];
    boolean any = false;
    for (int n = PosixCalls.receive(descriptor, piece);
        n > 0;
        n = PosixCalls.receive(descriptor, piece)) {
      to.write(piece, 0, n);
      any = true;
    }
    return any;
  }

  /** Polls and drains until the operation has ended and all that it took has arrived. */
  private static int drainToTheEnd(
      TestEngine engine, Recording operation, int from, ByteArrayOutputStream to, int atLeast) {
    while (!operation.ended() || to.size() < atLeast + Math.max(0, operation.result())) {
      // Room at the other end may come without a completion, so this does not wait for one.
      engine.engine().poll(1_000_000);
      drain(from, to);
    }
    return operation.result();
  }

  @Test
  void short_sends_add_up() {
    try (TestEngine engine = TestEngine.open(mode)) {
      int[] pair = narrowPair(engine);
      byte[] bytes = randomBytes(BIG);
      MemorySegment memory = engine.memory(bytes);
      ByteArrayOutputStream arrived = new ByteArrayOutputStream();
      Recording send = new Recording();
      int done = 0;
      while (done < BIG) {
        send.send(pair[0], memory.address() + done, BIG - done);
        engine.submit(send);
        if (done == 0) {
          engine.engine().poll(0);
          engine.engine().poll(0);
          assertThat(send.ended() && send.result() == BIG).as("taken in one piece").isFalse();
        }
        int result = drainToTheEnd(engine, send, pair[1], arrived, done);
        assertThat(result).isPositive();
        done += result;
        if (done < BIG) {
          send.again();
        }
      }
      assertThat(arrived.toByteArray()).isEqualTo(bytes);
    }
  }

  private static Recording gather(
      TestEngine engine, int descriptor, MemorySegment memory, int[] lengths) {
    long[] addresses = new long[lengths.length];
    long at = memory.address();
    for (int i = 0; i < lengths.length; i++) {
      addresses[i] = at;
      at += lengths[i];
    }
    Recording send = new Recording();
    send.sendGather(descriptor, addresses, lengths, lengths.length);
    return engine.submit(send);
  }

  @Test
  void a_gathering_send_takes_its_ranges_in_order() {
    try (TestEngine engine = TestEngine.open(mode)) {
      int[] pair = engine.pair();
      byte[] bytes = randomBytes(1 + 2 + 3 + 500);
      Recording send = gather(engine, pair[0], engine.memory(bytes), new int[] {1, 2, 3, 0, 500});
      assertThat(engine.await(send)).isEqualTo(bytes.length);
      byte[] arrived = new byte[1000];
      assertThat(PosixCalls.receive(pair[1], arrived)).isEqualTo(bytes.length);
      assertThat(Arrays.copyOf(arrived, bytes.length)).isEqualTo(bytes);
    }
  }

  @Test
  void a_gathering_send_of_very_many_ranges_is_short_and_exact() {
    try (TestEngine engine = TestEngine.open(mode)) {
      int[] pair = engine.pair();
      int ranges = 1000;
      byte[] bytes = randomBytes(ranges * 7);
      MemorySegment memory = engine.memory(bytes);
      ByteArrayOutputStream arrived = new ByteArrayOutputStream();
      int done = 0;
      int sends = 0;
      while (done < ranges) {
        int[] lengths = new int[ranges - done];
        Arrays.fill(lengths, 7);
        Recording send = gather(engine, pair[0], memory.asSlice(done * 7L), lengths);
        int result = engine.await(send);
        assertThat(result).isPositive();
        assertThat(result % 7).as("whole ranges on a socket with room").isZero();
        done += result / 7;
        sends++;
        drain(pair[1], arrived);
      }
      assertThat(sends).isGreaterThanOrEqualTo(ranges / 1024 + 1);
      assertThat(arrived.toByteArray()).isEqualTo(bytes);
    }
  }

  @Test
  void many_gathering_sends_at_once_keep_their_headers_apart() {
    try (TestEngine engine = TestEngine.open(mode, 4, 8, 64)) {
      List<int[]> pairs = new ArrayList<>();
      List<Recording> sends = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        pairs.add(narrowPair(engine));
        sends.add(
            gather(
                engine,
                pairs.get(i)[0],
                engine.memory(randomBytes(60_000 + i)),
                new int[] {20_000, 20_000, 20_000 + i}));
      }
      List<ByteArrayOutputStream> arrived = new ArrayList<>();
      pairs.forEach(_ -> arrived.add(new ByteArrayOutputStream()));
      for (int i = 0; i < 50; i++) {
        int result = drainToTheEnd(engine, sends.get(i), pairs.get(i)[1], arrived.get(i), 0);
        assertThat(arrived.get(i).toByteArray())
            .isEqualTo(Arrays.copyOf(randomBytes(60_000 + i), result));
      }
    }
  }

  @Test
  void sending_to_nobody_is_an_error_and_no_signal() {
    try (TestEngine engine = TestEngine.open(mode)) {
      int[] pair = engine.pair();
      engine.close(pair[1]);
      MemorySegment memory = engine.memory(16);
      Recording send = new Recording();
      send.send(pair[0], memory.address(), 16);
      engine.submit(send);
      assertThat(engine.await(send)).isEqualTo(-Linux.EPIPE());
      assertThat(engine.await(gather(engine, pair[0], memory, new int[] {8, 8})))
          .isEqualTo(-Linux.EPIPE());
    }
  }

  @Test
  void a_cancelled_send_says_exactly_how_much_was_taken() {
    try (TestEngine engine = TestEngine.open(mode)) {
      for (boolean gathering : new boolean[] {false, true}) {
        int[] pair = narrowPair(engine);
        byte[] bytes = randomBytes(BIG);
        MemorySegment memory = engine.memory(bytes);
        Recording send = new Recording();
        if (gathering) {
          send = gather(engine, pair[0], memory, new int[] {BIG / 2, BIG / 2});
        } else {
          send.send(pair[0], memory.address(), BIG);
          engine.submit(send);
        }
        engine.engine().poll(0);
        engine.engine().poll(0);
        if (!send.ended()) { // an old kernel answers with the short send at once
          engine.cancel(send);
        }
        int result = engine.await(send);
        assertThat(result).isBetween(1, BIG - 1);

        // The end of the stream shows that nothing was taken beyond what was said.
        engine.platform().shutdownSend(pair[0]);
        ByteArrayOutputStream arrived = new ByteArrayOutputStream();
        byte[] piece = new byte[64 * 1024];
        int n;
        do {
          Recording readable = new Recording();
          readable.awaitReady(pair[1], Operation.READABLE);
          engine.submit(readable);
          engine.await(readable);
          n = PosixCalls.receive(pair[1], piece);
          arrived.write(piece, 0, Math.max(n, 0));
        } while (n > 0);
        assertThat(n).as("the end of the stream").isZero();
        assertThat(arrived.toByteArray()).isEqualTo(Arrays.copyOf(bytes, result));
      }
    }
  }
}
