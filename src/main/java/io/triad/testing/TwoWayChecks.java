package io.triad.testing;

import io.triad.stream.ByteStream;
import io.triad.stream.Chunk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** CHK-35 to CHK-37: what holds for two directions at once. */
final class TwoWayChecks {
  private static final int BYTES = 1024 * 1024;
  private static final int MAX_CHUNK = 16 * 1024;

  private TwoWayChecks() {}

  static void run(StreamMaker<? extends ByteStream, ? extends ByteStream> maker) {
    Check.withPair("CHK-35 and CHK-36: both directions at once", maker, TwoWayChecks::fullDuplex);
    Check.withPair("CHK-37: one end closes", maker, TwoWayChecks::closed);
  }

  private static void fullDuplex(ByteStream left, ByteStream right) {
    Check.that(
        "CHK-35: both ends must be ByteStreams",
        ByteStream.class.isInstance(left) && ByteStream.class.isInstance(right),
        "one of them is null");
    byte[] forth = new byte[BYTES];
    new Random(0).nextBytes(forth);
    byte[] back = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      back[i] = forth[BYTES - 1 - i];
    }
    Check.together(
        () -> Check.together(() -> send(left, forth, 10), () -> receive(right, forth, 12)),
        () -> Check.together(() -> send(right, back, 11), () -> receive(left, back, 13)));
  }

  private static void send(ByteStream stream, byte[] data, long seed) throws IOException {
    Random random = new Random(seed);
    ByteBuffer direct = ByteBuffer.allocateDirect(MAX_CHUNK);
    for (int sent = 0; sent < data.length;) {
      int count = Math.min(1 + random.nextInt(MAX_CHUNK), data.length - sent);
      switch (random.nextInt(4)) {
        case 0 -> stream.sendAll(Arrays.copyOfRange(data, sent, sent + count));
        case 1 -> stream.sendAll(ByteBuffer.wrap(data, sent, count));
        case 2 -> stream.sendAll(direct.clear().put(data, sent, count).flip());
        default -> stream.sendAll(MemorySegment.ofArray(data).asSlice(sent, count));
      }
      sent += count;
    }
  }

  private static void receive(ByteStream stream, byte[] expected, long seed) throws IOException {
    String promise = "CHK-36: bytes in both directions at once must arrive, unchanged and in order";
    Random random = new Random(seed);
    ByteArrayOutputStream received = new ByteArrayOutputStream(expected.length);
    ByteBuffer direct = ByteBuffer.allocateDirect(MAX_CHUNK);
    while (received.size() < expected.length) {
      int before = received.size();
      int limit = Math.min(1 + random.nextInt(MAX_CHUNK), expected.length - before);
      switch (random.nextInt(5)) {
        case 0 -> received.writeBytes(stream.receiveSome(limit));
        case 1 -> {
          byte[] bytes = new byte[limit];
          received.write(bytes, 0, Math.max(0, stream.receiveSome(ByteBuffer.wrap(bytes))));
        }
        case 2 -> {
          stream.receiveSome(direct.clear().limit(limit));
          byte[] bytes = new byte[direct.flip().remaining()];
          direct.get(bytes);
          received.writeBytes(bytes);
        }
        case 3 -> {
          byte[] bytes = new byte[limit];
          int count = stream.receiveSome(MemorySegment.ofArray(bytes));
          received.write(bytes, 0, Math.max(0, count));
        }
        default -> stream.receive((Chunk chunk) -> received.writeBytes(chunk.toArray()));
      }
      Check.that(promise, received.size() > before, "it ended early, or a chunk was empty");
    }
    Check.that(promise, Arrays.equals(received.toByteArray(), expected), "they are different");
  }

  private static void closed(ByteStream left, ByteStream right) {
    String promise = "CHK-37: a close of one end must be the end of the stream at the other";
    Check.together(
        () -> {
          Check.checkpoint(promise, () -> OneWayChecks.expectEnd(promise, left));
          Check.checkpoint(promise, left::close);
        },
        () -> Check.checkpoint(promise, right::close));
  }
}
