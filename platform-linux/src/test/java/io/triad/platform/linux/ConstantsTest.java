package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.engine.Platform;
import io.triad.engine.simulated.Conditions;
import io.triad.engine.simulated.World;
import io.triad.platform.linux.ffi.Linux;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names have the numbers of the headers, here and where Linux is simulated. */
final class ConstantsTest {
  @Test
  void the_simulation_has_the_numbers_of_linux() {
    List<String> names =
        Arrays.stream(Linux.class.getMethods())
            .map(Method::getName)
            .filter(name -> LinuxConstants.byName(name).isPresent())
            .toList();
    assertThat(names).contains("AF_UNIX", "SO_BROADCAST", "MSG_TRUNC", "EAI_NONAME", "SOMAXCONN");
    Platform simulated = World.virtual(0, Conditions.CALM, 0).platform();
    assertThat(names)
        .allSatisfy(
            name -> assertThat(simulated.constant(name)).isEqualTo(LinuxConstants.byName(name)));
  }
}
