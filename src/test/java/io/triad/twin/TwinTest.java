package io.triad.twin;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.triad.testkit.LeakCheck;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Some programs of {@code ci/trio-twin} with the traces that Trio gave, each task's lines by
 * themselves: in all of them Trio gave the same under many schedules. So Triad is compared with Trio
 * where neither Python nor Trio is at hand.
 */
@ExtendWith(LeakCheck.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class TwinTest {
  private static final String FILE = "/twin/programs.json";

  private record Fixture(Map<String, Object> program, Map<String, List<String>> trace) {
    Map<String, List<String>> traceOnTriad(Defect... planted) {
      Defect defect = planted.length == 0 ? null : planted[0];
      return Interpreter.run(new Program(program), defect).stream()
          .collect(groupingBy(line -> line.split(" ", 3)[1]));
    }

    @Override
    public String toString() {
      return "seed " + program.get("seed");
    }
  }

  private static Stream<Fixture> fixtures() throws IOException {
    try (InputStream in = TwinTest.class.getResourceAsStream(FILE)) {
      List<Fixture> fixtures =
          new JsonMapper()
              .readValue(
                  Objects.requireNonNull(in, FILE), new TypeReference<List<Fixture>>() {});
      return fixtures.stream();
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void each_task_sees_on_triad_what_it_sees_on_trio(Fixture fixture) {
    assertThat(fixture.traceOnTriad()).isEqualTo(fixture.trace());
  }

  @ParameterizedTest
  @EnumSource(Defect.class)
  void a_planted_error_is_seen(Defect defect) throws IOException {
    assertThat(fixtures())
        .as("programs whose trace shows " + defect)
        .anyMatch(fixture -> !fixture.traceOnTriad(defect).equals(fixture.trace()));
  }
}
