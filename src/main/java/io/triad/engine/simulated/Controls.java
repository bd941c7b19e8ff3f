package io.triad.engine.simulated;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.triad.engine.Message;
import io.triad.engine.NonBlockingCalls.ControlMessage;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Control messages, laid out in memory as on Linux with 64 bits: cmsg(3). */
final class Controls {
  private static final int HEADER_BYTES = 16;
  private static final int LEVEL_AT = 8;
  private static final int TYPE_AT = 12;
  private static final int ALIGNMENT = 8;

  private Controls() {}

  static int bytes(int dataBytes) {
    return HEADER_BYTES + aligned(dataBytes);
  }

  private static int aligned(int bytes) {
    return Math.addExact(bytes, ALIGNMENT - 1) & -ALIGNMENT;
  }

  static void add(Message message, ControlMessage control) {
    byte[] data = control.data();
    int at = message.controlLength();
    message.setControlLength(at + bytes(data.length));
    MemorySegment entry = message.control().asSlice(at, bytes(data.length)).fill((byte) 0);
    entry.set(JAVA_LONG, 0, HEADER_BYTES + data.length);
    entry.set(JAVA_INT, LEVEL_AT, control.level());
    entry.set(JAVA_INT, TYPE_AT, control.type());
    MemorySegment.copy(data, 0, entry, JAVA_BYTE, HEADER_BYTES, data.length);
  }

  static List<ControlMessage> read(Message message) {
    List<ControlMessage> controls = new ArrayList<>();
    int end = message.controlLength();
    for (int at = 0; end - at >= HEADER_BYTES;) {
      MemorySegment entry = message.control().asSlice(at);
      int length = Math.toIntExact(entry.get(JAVA_LONG, 0));
      controls.add(
          new ControlMessage(
              entry.get(JAVA_INT, LEVEL_AT),
              entry.get(JAVA_INT, TYPE_AT),
              entry.asSlice(HEADER_BYTES, length - HEADER_BYTES).toArray(JAVA_BYTE)));
      at += aligned(length);
    }
    return controls;
  }

  /** Finds the sockets that a message is to carry; answers why it cannot, or 0. */
  static int rights(World world, Message message, List<OpenSocket> into) {
    for (ControlMessage each : read(message)) {
      if (each.level() != Constants.SOL_SOCKET || each.type() != Constants.SCM_RIGHTS) {
        return Errno.EINVAL.negated();
      }
      ByteBuffer numbers = ByteBuffer.wrap(each.data()).order(ByteOrder.nativeOrder());
      while (numbers.remaining() >= Integer.BYTES) {
        OpenSocket socket = world.descriptors().get(numbers.getInt());
        if (socket == null) {
          return Errno.EBADF.negated();
        }
        into.add(socket);
      }
    }
    return 0;
  }

  /**
   * Gives descriptors to sockets that came with a message, as many as it has room for; the others are
   * closed.
   *
   * @return MSG_CTRUNC if there were others; else 0
   */
  static int deliver(World world, List<OpenSocket> rights, Message message) {
    int room = (message.controlLength() - HEADER_BYTES) / Integer.BYTES;
    message.setControlLength(0);
    ByteBuffer numbers =
        ByteBuffer.allocate(rights.size() * Integer.BYTES).order(ByteOrder.nativeOrder());
    int given = 0;
    for (OpenSocket socket : rights) {
      if (given < room && !world.descriptors().isFull()) {
        numbers.putInt(world.addDescriptor(socket));
        given++;
      }
      socket.drop(); // it was held for us
    }
    if (given > 0) {
      byte[] data = new byte[given * Integer.BYTES];
      numbers.flip().get(data);
      add(message, new ControlMessage(Constants.SOL_SOCKET, Constants.SCM_RIGHTS, data));
    }
    return given < rights.size() ? Constants.MSG_CTRUNC : 0;
  }
}
