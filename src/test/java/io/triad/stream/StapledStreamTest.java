package io.triad.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.triad.CancelScope;
import io.triad.Cancelled;
import io.triad.Triad;
import io.triad.net.SocketStream;
import io.triad.testing.StreamChecks;
import io.triad.testing.StreamMaker;
import io.triad.testing.StreamPair;
import io.triad.testkit.LeakCheck;
import io.triad.testkit.TcpPairs;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(60)
final class StapledStreamTest {
  private record Call(String half, String method, List<@Nullable Object> arguments) {}

  private final List<Call> calls = new ArrayList<>();

  /** A half that notes its calls, answers as told, and fails if the answer is an exception. */
  private <T> T half(Class<T> type, String name, Map<String, Object> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              calls.add(
                  new Call(
                      name,
                      method.getName(),
                      arguments == null ? List.of() : Arrays.asList(arguments)));
              Object answer = answers.get(method.getName());
              if (answer instanceof Throwable failure) {
                throw failure;
              }
              return answer;
            }));
  }

  private List<String> called() {
    return calls.stream().map(call -> call.half + "." + call.method).toList();
  }

  @Test
  void str_20_sending_goes_to_the_one_half_with_its_arguments_as_they_are() throws IOException {
    SendStream out = half(SendStream.class, "out", Map.of());
    ReceiveStream in = half(ReceiveStream.class, "in", Map.of());
    StapledStream<SendStream, ReceiveStream> stapled = new StapledStream<>(out, in);
    assertThat(stapled.sendStream()).isSameAs(out);
    assertThat(stapled.receiveStream()).isSameAs(in);

    byte[] array = {1};
    ByteBuffer buffer = ByteBuffer.allocate(1);
    MemorySegment segment = MemorySegment.ofArray(array);
    Chunk chunk = new Chunk();
    List<ByteBuffer> list = List.of(buffer);
    stapled.sendAll(array);
    stapled.sendAll(buffer);
    stapled.sendAll(segment);
    stapled.sendAll(chunk);
    stapled.sendAll(list);
    stapled.waitSendAllMightNotBlock();

    assertThat(called())
        .containsExactly(
            "out.sendAll",
            "out.sendAll",
            "out.sendAll",
            "out.sendAll",
            "out.sendAll",
            "out.waitSendAllMightNotBlock");
    Object[] sent = {array, buffer, segment, chunk, list};
    for (int i = 0; i < sent.length; i++) {
      assertThat(calls.get(i).arguments.getFirst()).isSameAs(sent[i]);
    }
  }

  @Test
  void str_20_receiving_comes_from_the_other_half_with_its_answers_as_they_are()
      throws IOException {
    byte[] answer = {7};
    ByteBuffer buffer = ByteBuffer.allocate(1);
    MemorySegment segment = MemorySegment.ofArray(answer);
    ChunkAction<IOException> action = _ -> {};
    StapledStream<SendStream, ReceiveStream> bytes =
        new StapledStream<>(
            half(SendStream.class, "out", Map.of()),
            half(ReceiveStream.class, "in", Map.of("receiveSome", answer, "receive", true)));
    assertThat(bytes.receiveSome()).isSameAs(answer);
    assertThat(bytes.receiveSome(5)).isSameAs(answer);
    assertThat(bytes.receive(action)).isTrue();
    bytes.forEachChunk(action);
    StapledStream<SendStream, ReceiveStream> counts =
        new StapledStream<>(
            half(SendStream.class, "out", Map.of()),
            half(ReceiveStream.class, "in", Map.of("receiveSome", -1)));
    assertThat(counts.receiveSome(buffer)).isEqualTo(-1);
    assertThat(counts.receiveSome(segment)).isEqualTo(-1);

    assertThat(calls)
        .containsExactly(
            new Call("in", "receiveSome", List.of()),
            new Call("in", "receiveSome", List.of(5)),
            new Call("in", "receive", List.of(action)),
            new Call("in", "forEachChunk", List.of(action)),
            new Call("in", "receiveSome", List.of(buffer)),
            new Call("in", "receiveSome", List.of(segment)));
    assertThat(calls.getLast().arguments.getFirst()).isSameAs(segment);
  }

  @Test
  void str_21_send_eof_uses_that_of_the_sending_half() throws IOException {
    new StapledStream<>(
        half(HalfCloseableStream.class, "out", Map.of()),
        half(ReceiveStream.class, "in", Map.of()))
        .sendEof();

    assertThat(called()).containsExactly("out.sendEof");
  }

  @Test
  void str_21_send_eof_closes_a_sending_half_that_has_none() throws IOException {
    new StapledStream<>(
        half(SendStream.class, "out", Map.of()), half(ReceiveStream.class, "in", Map.of()))
        .sendEof();

    assertThat(called()).containsExactly("out.close");
  }

  @Test
  void str_22_close_closes_the_sending_half_and_then_the_receiving_half() throws IOException {
    new StapledStream<>(
        half(SendStream.class, "out", Map.of()), half(ReceiveStream.class, "in", Map.of()))
        .close();

    assertThat(called()).containsExactly("out.close", "in.close");
  }

  @Test
  void str_22_both_are_closed_and_both_errors_kept_if_both_fail() {
    IOException first = new IOException("out");
    IOException second = new IOException("in");
    StapledStream<SendStream, ReceiveStream> stapled =
        new StapledStream<>(
            half(SendStream.class, "out", Map.of("close", first)),
            half(ReceiveStream.class, "in", Map.of("close", second)));

    assertThatThrownBy(stapled::close).isSameAs(first);
    assertThat(first.getSuppressed()).containsExactly(second);
    assertThat(called()).containsExactly("out.close", "in.close");
  }

  @Test
  void str_22_the_receiving_half_is_closed_although_closing_the_other_was_cancelled()
      throws Exception {
    Triad.run(
        () -> {
          Fed in = new Fed();
          SendStream out =
              new SendStream() {
                @Override
                public void sendAll(MemorySegment data) {}

                @Override
                public void waitSendAllMightNotBlock() {}

                @Override
                public void close() {
                  Triad.sleepForever();
                }
              };
          CancelScope scope = new CancelScope();
          scope.cancel();
          scope.enter(
              _ -> assertThatExceptionOfType(Cancelled.class)
                  .isThrownBy(new StapledStream<>(out, in)::close));
          assertThat(in.isClosed()).isTrue();
        });
  }

  private static StreamPair<
      StapledStream<SocketStream, SocketStream>, StapledStream<SocketStream, SocketStream>> stapled(
          StreamMaker<SocketStream, SocketStream> maker) throws Exception {
    StreamPair<SocketStream, SocketStream> pair = maker.make();
    return new StreamPair<>(
        new StapledStream<>(pair.sender(), pair.sender()),
        new StapledStream<>(pair.receiver(), pair.receiver()));
  }

  /** Both directions of a connection stapled together again are that connection. */
  @Test
  void str_20_str_21_str_22_a_stapled_connection_passes_the_checks_for_streams() throws Exception {
    Triad.run(
        () -> StreamChecks.checkHalfCloseableStream(
            () -> stapled(TcpPairs::open), () -> stapled(TcpPairs::clogged)));
  }
}
