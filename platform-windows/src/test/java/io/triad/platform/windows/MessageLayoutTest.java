package io.triad.platform.windows;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.triad.engine.Message;
import io.triad.engine.NonBlockingCalls.ControlMessage;
import io.triad.platform.windows.ffi.WSABUF;
import io.triad.platform.windows.ffi.WSAMSG;
import io.triad.platform.windows.ffi.Windows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages as Windows wants them, and as it leaves them; no system is asked. */
final class MessageLayoutTest {
  private final Arena arena = Arena.ofAuto();
  private final MessageLayout layout = new MessageLayout(arena);
  private final Message message = new Message(arena);
  private final MemorySegment memory = arena.allocate(64, 8);

  /** What a receive of control messages leaves behind, of a datagram from 127.0.0.1. */
  private void leave(MemorySegment header, byte[] controls, int flags) {
    message.address().memory().set(JAVA_SHORT, 0, (short) Windows.AF_INET());
    WSAMSG.namelen(header, 16);
    MemorySegment range = WSAMSG.Control(header);
    MemorySegment room = WSABUF.buf(range).reinterpret(WSABUF.len(range));
    MemorySegment.copy(controls, 0, room, JAVA_BYTE, 0, controls.length);
    WSABUF.len(range, controls.length);
    WSAMSG.dwFlags(header, flags);
  }

  private byte[] twoControls() {
    Message other = new Message(arena);
    MessageLayout.addControl(other, 0, Windows.IP_TTL(), new byte[] {64, 0, 0, 0});
    MessageLayout.addControl(other, 41, 99, new byte[] {1, 2, 3});
    return other.control().asSlice(0, other.controlLength()).toArray(JAVA_BYTE);
  }

  @Test
  void ranges_are_laid_out_and_there_is_always_one() {
    assertThat(layout.layOut(message)).isEqualTo(1);
    assertThat(WSABUF.len(layout.buffers())).isZero();
    for (int i = 0; i < Message.MAX_RANGES; i++) {
      message.add(memory.address() + i, i);
    }
    assertThat(layout.layOut(message)).isEqualTo(Message.MAX_RANGES);
    MemorySegment last = layout.buffers().asSlice(1023 * WSABUF.sizeof(), WSABUF.layout());
    assertThat(WSABUF.len(last)).isEqualTo(1023);
    assertThat(WSABUF.buf(last).address()).isEqualTo(memory.address() + 1023);
  }

  @Test
  void control_messages_are_aligned_to_eight() {
    byte[] controls = twoControls();
    assertThat(controls).hasSize(MessageLayout.controlBytes(4) + MessageLayout.controlBytes(3));
    MemorySegment form =
        arena.allocate(controls.length, 8).copyFrom(MemorySegment.ofArray(controls));
    assertThat(form.get(JAVA_LONG, 0)).isEqualTo(20);
    assertThat(form.get(JAVA_INT, 12)).isEqualTo(Windows.IP_TTL());
    assertThat(form.get(JAVA_INT, 16)).isEqualTo(64);
    assertThat(form.get(JAVA_LONG, 24)).isEqualTo(19);
    assertThat(form.get(JAVA_INT, 32)).isEqualTo(41);
    assertThat(form.get(JAVA_INT, 36)).isEqualTo(99);
  }

  @Test
  void what_is_sent_names_address_and_controls() {
    message.add(memory.address(), 7);
    message.address().set(new byte[16]);
    MessageLayout.addControl(message, 1, 2, new byte[4]);
    layout.layOut(message);
    MemorySegment header = layout.forSend(message);
    assertThat(WSAMSG.name(header).address()).isEqualTo(message.address().memory().address());
    assertThat(WSAMSG.namelen(header)).isEqualTo(16);
    assertThat(WSAMSG.dwBufferCount(header)).isEqualTo(1);
    assertThat(WSABUF.len(WSAMSG.Control(header))).isEqualTo(24);
    message.address().setLength(0);
    assertThat(WSAMSG.name(layout.forSend(message))).isEqualTo(MemorySegment.NULL);
  }

  @Test
  void what_is_received_is_taken_out() {
    message.add(memory.address(), 10);
    message.setControlLength(256);
    layout.layOut(message);
    leave(layout.forReceive(message, 0), twoControls(), 0);
    assertThat(layout.received(message, 5)).isEqualTo(5);
    assertThat(message.address().length()).isEqualTo(16);
    assertThat(message.flags()).isZero();
    List<ControlMessage> controls = MessageLayout.controls(message);
    assertThat(controls).extracting(ControlMessage::type).containsExactly(Windows.IP_TTL(), 99);
    assertThat(controls.get(1).data()).containsExactly(1, 2, 3);
  }

  @Test
  void a_datagram_that_was_cut_off_fills_its_room_and_says_so() {
    message.add(memory.address(), 3);
    message.add(memory.address() + 3, 4);
    message.setControlLength(256);
    layout.layOut(message);
    leave(layout.forReceive(message, 0), new byte[0], 0);
    assertThat(layout.received(message, -Windows.WSAEMSGSIZE())).isEqualTo(7);
    assertThat(message.flags()).isEqualTo(Windows.MSG_TRUNC());
  }

  @Test
  void controls_for_which_there_is_no_room_are_cut_off_and_the_data_is_not() {
    message.add(memory.address(), 10);
    message.setControlLength(30);
    layout.layOut(message);
    leave(layout.forReceive(message, 0), twoControls(), 0);
    assertThat(layout.received(message, 5)).isEqualTo(5);
    assertThat(message.flags()).isEqualTo(Windows.MSG_CTRUNC());
    assertThat(message.controlLength()).isEqualTo(30);
    assertThat(MessageLayout.controls(message)).hasSize(1);
  }

  @Test
  void another_error_is_passed_on_and_a_stream_has_no_sender() {
    assertThat(layout.received(message, -10054)).isEqualTo(-10054);
    layout.layOut(message);
    MemorySegment header = layout.forReceive(message, Windows.MSG_PEEK());
    assertThat(WSAMSG.dwFlags(header)).isEqualTo(Windows.MSG_PEEK());
    WSABUF.len(WSAMSG.Control(header), 0);
    assertThat(layout.received(message, 0)).isZero();
    assertThat(message.address().length()).isZero();
  }

  @Test
  void the_address_of_a_datagram_is_told_as_on_other_systems() {
    byte[] info = {7, 0, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1};
    MessageLayout.addControl(message, Windows.IPPROTO_IP(), Windows.IP_PKTINFO(), info);
    assertThat(message.controlLength()).isEqualTo(24);
    assertThat(message.control().asSlice(16, 8).toArray(JAVA_BYTE))
        .as("address, interface")
        .containsExactly(127, 0, 0, 1, 7, 0, 0, 0);
    assertThat(MessageLayout.controls(message).getFirst().data()).isEqualTo(info);
    byte[] own = {127, 0, 0, 1, 7, 0, 0, 0};
    message.clear();
    MessageLayout.addControl(message, Windows.IPPROTO_IP(), Windows.IP_PKTINFO(), own);
    assertThat(MessageLayout.controls(message).getFirst().data()).isEqualTo(info);
  }
}
