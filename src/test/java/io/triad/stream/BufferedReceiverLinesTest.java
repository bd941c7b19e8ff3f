package io.triad.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.triad.CancelScope;
import io.triad.Nursery;
import io.triad.Triad;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Any lines, in any pieces, with any interruption. */
final class BufferedReceiverLinesTest {
  /** Lines cut into pieces anywhere, received by calls that are cancelled anywhere. */
  @Property(tries = 200)
  void lines_come_out_as_they_went_in(@ForAll long seed) {
    Random random = new Random(seed);
    List<String> lines = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(20); i > 0; i--) {
      String line = "x\r|".repeat(random.nextInt(5)) + "y".repeat(random.nextInt(3));
      lines.add(line);
      text.append(line).append(random.nextBoolean() ? "\n" : "\r\n");
    }
    List<String> received = new ArrayList<>();
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              Fed stream = new Fed();
              nursery.startSoon(() -> feedInPieces(stream, text.toString(), random));
              BufferedReceiver receiver = new BufferedReceiver(stream);
              boolean[] ended = {false};
              while (!ended[0]) {
                CancelScope scope = new CancelScope();
                nursery.startSoon(
                    () -> {
                      for (int i = random.nextInt(4); i > 0; i--) {
                        Triad.checkpoint();
                      }
                      scope.cancel();
                    });
                scope.enter(
                    _ -> {
                      String line = receiver.receiveLine(ISO_8859_1, 100);
                      if (line == null) {
                        ended[0] = true;
                      } else {
                        received.add(line);
                      }
                    });
              }
            }));

    assertThat(received).isEqualTo(lines);
  }

  private static void feedInPieces(Fed stream, String text, Random random) {
    for (int from = 0; from < text.length();) {
      int to = Math.min(text.length(), from + 1 + random.nextInt(7));
      stream.feed(text.substring(from, to));
      from = to;
      Triad.checkpoint();
    }
    stream.end();
  }
}
