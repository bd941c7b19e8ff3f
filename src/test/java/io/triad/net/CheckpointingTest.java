package io.triad.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.CancelScope;
import io.triad.Triad;
import io.triad.testing.Checkpoints;
import io.triad.testkit.LeakCheck;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Operations that need not wait are checkpoints all the same. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class CheckpointingTest {
  private interface Scenario {
    void run(SocketStream near, SocketStream far) throws Exception;
  }

  private static void connected(Scenario scenario) throws IOException {
    Triad.run(
        () -> {
          try (SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 1).getFirst();
              SocketStream near =
                  Net.openTcpStream("127.0.0.1", listener.localAddress().getPort());
              SocketStream far = listener.accept()) {
            try {
              scenario.run(near, far);
            } catch (IOException | RuntimeException e) {
              throw e;
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          }
        });
  }

  @Test
  void core_12_every_receive_is_a_checkpoint_and_the_end_is_one_too() throws IOException {
    connected(
        (near, far) -> {
          far.sendAll(new byte[3]);
          far.sendEof();
          for (int left = 3; left >= 0; left--) {
            int expected = left == 0 ? 0 : 1;
            Checkpoints.assertCheckpoints(
                () -> assertThat(near.receiveSome(1)).hasSize(expected));
          }
        });
  }

  @Test
  void core_16_what_is_there_is_not_taken_by_a_cancelled_receive() throws IOException {
    connected(
        (near, far) -> {
          far.sendAll(new byte[] {1, 2});
          assertThat(near.receiveSome(1)).containsExactly(1);
          CancelScope scope = new CancelScope();
          scope.cancel();

          scope.enter(_ -> near.receiveSome(1));

          assertThat(scope.cancelledCaught()).isTrue();
          assertThat(near.receiveSome(1)).containsExactly(2);
        });
  }
}
