package io.triad.platform.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.engine.Recorded;
import io.triad.platform.windows.ffi.Windows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sockets come and go, and their numbers come again. */
@Timeout(60)
final class AssociationsTest {
  @Test
  void while_something_is_in_flight_nobody_is_asked() {
    try (ScriptedRig rig = new ScriptedRig()) {
      int socket = rig.kernel.open();
      Recorded receive = rig.receive(socket);
      int asked = rig.kernel.associations;
      rig.kernel.nextAnswer(1, 1, 1);
      for (int i = 0; i < 3; i++) {
        assertThat(rig.await(rig.send(socket, 1))).isEqualTo(1);
      }
      assertThat(rig.kernel.associations).isEqualTo(asked);
      rig.engine.cancel(receive);
      rig.await(receive);
    }
  }

  @Test
  void a_number_that_was_closed_behind_our_back_is_a_new_socket() {
    try (ScriptedRig rig = new ScriptedRig()) {
      int socket = rig.kernel.open();
      rig.kernel.nextAnswer(1);
      assertThat(rig.await(rig.send(socket, 1))).isEqualTo(1);
      rig.kernel.close(socket);
      rig.kernel.open(socket);
      rig.kernel.nextAnswer(2);
      assertThat(rig.await(rig.send(socket, 2))).isEqualTo(2);
      assertThat(rig.kernel.file(socket).port).isEqualTo(ScriptedKernel.PORT);
    }
  }

  @Test
  void a_number_is_new_although_what_was_cancelled_on_the_old_one_has_not_ended() {
    try (ScriptedRig rig = new ScriptedRig()) {
      int socket = rig.kernel.open();
      Recorded old = rig.receive(socket);
      rig.engine.cancel(old);
      rig.kernel.close(socket);
      rig.kernel.open(socket);
      rig.kernel.nextAnswer(2);
      Recorded young = rig.send(socket, 2);
      assertThat(rig.kernel.file(socket).port).isEqualTo(ScriptedKernel.PORT);
      rig.settle();
      assertThat(young.result()).isEqualTo(2);
      assertThat(old.ended()).isTrue();
    }
  }

  @Test
  void a_socket_of_another_port_is_moved_and_learns_to_do_without_packets() {
    try (ScriptedRig rig = new ScriptedRig()) {
      int socket = rig.kernel.open();
      rig.kernel.file(socket).port = 8; // of another run, say
      rig.kernel.nextAnswer(3);
      assertThat(rig.await(rig.send(socket, 3))).isEqualTo(3);
      assertThat(rig.kernel.file(socket).port).isEqualTo(ScriptedKernel.PORT);
      assertThat(rig.kernel.file(socket).skips).isTrue();
      assertThat(rig.engine.describe()).anyMatch(each -> each.contains("1 from other ports"));
    }
  }

  @Test
  void where_sockets_cannot_be_moved_the_error_says_so() {
    try (ScriptedRig rig = new ScriptedRig()) {
      rig.kernel.moves = false;
      int socket = rig.kernel.open();
      rig.kernel.file(socket).port = 8;
      assertThat(rig.await(rig.send(socket, 3))).isEqualTo(-Windows.WSAEOPNOTSUPP());
      assertThat(rig.await(rig.send(socket, 3))).as("again").isEqualTo(-Windows.WSAEOPNOTSUPP());
    }
  }
}
