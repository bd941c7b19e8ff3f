package io.triad.socket;

import io.triad.engine.Message;
import io.triad.engine.NonBlockingCalls;
import io.triad.engine.Operation;
import io.triad.loop.Fiber;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sending and receiving with an address or control messages. The run has one message for all its
 * sockets, which is filled anew for every attempt and read before the task sleeps again.
 */
final class MessageTransfer {
  private static final int MAX_CONTROL_BYTES = 1 << 20;
  private static final byte[] NOTHING = {};
  private static final int[] NO_DESCRIPTORS = {};
  private static final int NO_DESCRIPTOR = -1;

  private MessageTransfer() {}

  // ---- sending ----

  static int send(
      Fiber fiber,
      Socket socket,
      List<MemorySegment> data,
      List<ControlMessage> controls,
      int flags,
      @Nullable SocketAddress address,
      String call)
      throws IOException {
    return Attempts.make(
        fiber,
        socket,
        Operation.WRITABLE,
        call,
        () -> trySend(socket, data, controls, flags, address));
  }

  private static int trySend(
      Socket socket,
      List<MemorySegment> data,
      List<ControlMessage> controls,
      int flags,
      @Nullable SocketAddress address)
      throws IOException {
    SocketRun run = socket.run;
    Message message = run.message;
    message.clear();
    if (address != null) {
      SocketAddresses.encode(run, address, message.address());
    }
    for (ControlMessage control : controls) {
      run.calls.addControl(message, control.level(), control.type(), control.data());
    }
    try (Ranges ranges = new Ranges(socket, data)) {
      ranges.addTo(message, true);
      return run.calls.send(socket.fileno(), message, flags);
    }
  }

  // ---- receiving ----

  /** Receives an array of just the size that came. */
  static ReceivedMessage receive(
      Fiber fiber, Socket socket, int max, int controlBytes, int flags, String call)
      throws IOException {
    if (max < 0) {
      throw new IllegalArgumentException("cannot receive " + max + " bytes");
    }
    return new Receipt(socket, null, max, controlBytes, flags).await(fiber, call);
  }

  /** Receives into ranges. */
  static ReceivedMessage receive(
      Fiber fiber,
      Socket socket,
      List<MemorySegment> into,
      int controlBytes,
      int flags,
      String call)
      throws IOException {
    return new Receipt(socket, into, 0, controlBytes, flags).await(fiber, call);
  }

  private static final class Receipt implements Attempts.Attempt {
    private final Socket socket;
    private final @Nullable List<MemorySegment> into;
    private final int max;
    private final int controlBytes;
    private final int flags;
    private @Nullable ReceivedMessage received;

    Receipt(
        Socket socket,
        @Nullable List<MemorySegment> into,
        int max,
        int controlBytes,
        int flags) {
      if (controlBytes < 0 || controlBytes > MAX_CONTROL_BYTES) {
        throw new IllegalArgumentException(
            "room for control messages is 0 to " + MAX_CONTROL_BYTES + " bytes, not "
                + controlBytes);
      }
      this.socket = socket;
      this.into = into;
      this.max = max;
      this.controlBytes = controlBytes;
      this.flags = flags;
    }

    ReceivedMessage await(Fiber fiber, String call) throws IOException {
      try {
        Attempts.make(fiber, socket, Operation.READABLE, call, this);
        return Objects.requireNonNull(received);
      } catch (Throwable e) {
        if (received != null) {
          received.close(); // received, and yet not returned: nobody else knows the descriptors
        }
        throw e;
      }
    }

    @Override
    public int make() throws IOException {
      return into == null ? makeArray() : makeRanges(into);
    }

    private int makeArray() throws IOException {
      try (ByteTransfer.Staging room = new ByteTransfer.Staging(socket, max)) {
        MemorySegment memory = room.memory();
        Message message = emptyMessage();
        message.add(memory.address(), ByteTransfer.lengthOf(memory));
        int result = socket.run.calls.receive(socket.fileno(), message, flags);
        if (result >= 0) {
          long count = Math.min(result, memory.byteSize()); // MSG_TRUNC answers the whole length
          received =
              read(message, result, () -> memory.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE));
        }
        return result;
      }
    }

    private int makeRanges(List<MemorySegment> ranges) throws IOException {
      try (Ranges room = new Ranges(socket, ranges)) {
        Message message = emptyMessage();
        room.addTo(message, false);
        int result = socket.run.calls.receive(socket.fileno(), message, flags);
        if (result >= 0) {
          received =
              read(
                  message,
                  result,
                  () -> {
                    room.copyOut(result);
                    return NOTHING;
                  });
        }
        return result;
      }
    }

    private Message emptyMessage() {
      Message message = socket.run.message;
      message.clear();
      message.setControlLength(controlBytes);
      return message;
    }

    /** Descriptors first: from then on there is somebody to close them. */
    private ReceivedMessage read(Message message, int length, Bytes bytes) throws IOException {
      SocketRun run = socket.run;
      List<ControlMessage> controls = new ArrayList<>();
      ReceivedDescriptors descriptors = split(run, message, controls);
      try {
        return new ReceivedMessage(
            bytes.get(),
            length,
            List.copyOf(controls),
            descriptors,
            message.flags(),
            (message.flags() & run.find("MSG_TRUNC").orElse(0)) != 0,
            (message.flags() & run.find("MSG_CTRUNC").orElse(0)) != 0,
            SocketAddresses.decode(run, message.address().memory(), message.address().length()));
      } catch (Throwable e) {
        descriptors.close();
        throw e;
      }
    }
  }

  /** Where the bytes come from. */
  private interface Bytes {
    byte[] get();
  }

  private static ReceivedDescriptors split(
      SocketRun run, Message message, List<ControlMessage> controls) {
    int[] numbers = NO_DESCRIPTORS;
    int process = NO_DESCRIPTOR;
    if (message.controlLength() == 0) {
      return new ReceivedDescriptors(run, numbers, process);
    }
    for (NonBlockingCalls.ControlMessage control : run.calls.controls(message)) {
      boolean ofSocket = run.is(control.level(), "SOL_SOCKET");
      if (ofSocket && run.is(control.type(), "SCM_RIGHTS")) {
        numbers = append(numbers, integers(control.data()));
      } else if (ofSocket && run.is(control.type(), "SCM_PIDFD")) {
        process = processDescriptor(control.data());
      } else {
        controls.add(new ControlMessage(control.level(), control.type(), control.data()));
      }
    }
    return new ReceivedDescriptors(run, numbers, process);
  }

  private static int processDescriptor(byte[] data) {
    return data.length < Integer.BYTES ? NO_DESCRIPTOR : integers(data)[0];
  }

  private static int[] integers(byte[] data) {
    int[] integers = new int[data.length / Integer.BYTES];
    ByteBuffer.wrap(data).order(ByteOrder.nativeOrder()).asIntBuffer().get(integers);
    return integers;
  }

  private static int[] append(int[] some, int[] others) {
    int[] all = Arrays.copyOf(some, some.length + others.length);
    System.arraycopy(others, 0, all, some.length, others.length);
    return all;
  }
}
