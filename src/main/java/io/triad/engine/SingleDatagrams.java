package io.triad.engine;

import io.triad.engine.NonBlockingCalls.ControlMessage;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A batch for systems that have no call for several datagrams: one call for each. */
final class SingleDatagrams extends DatagramBatch {
  private static final int CONTROL_BYTES = 256;

  private final NonBlockingCalls calls;
  private final Message message;
  private final List<List<ControlMessage>> controls = new ArrayList<>();

  SingleDatagrams(NonBlockingCalls calls, int capacity) {
    super(capacity);
    this.calls = calls;
    message = new Message(arena());
    for (int i = 0; i < capacity; i++) {
      controls.add(List.of());
    }
  }

  @Override
  public int receive(int descriptor, int max, boolean withControl) {
    long buffers = buffers().address();
    for (int place = 0; place < max; place++) {
      message.clear();
      message.add(buffers + offsetOf(place), BUFFER_BYTES);
      message.setControlLength(withControl ? CONTROL_BYTES : 0);
      int result = calls.receive(descriptor, message, 0);
      if (result < 0) {
        if (place > 0 && result != NonBlockingCalls.AGAIN) {
          noteError(result);
        }
        return place > 0 ? place : result;
      }
      NativeAddress from = message.address();
      MemorySegment.copy(
          from.memory(), 0, addresses(), (long) place * Platform.ADDRESS_BYTES, from.length());
      received(place, result, from.length(), message.flags(), 0);
      controls.set(place, withControl ? calls.controls(message) : List.of());
    }
    return max;
  }

  @Override
  public List<ControlMessage> controls(int place) {
    return controls.get(place);
  }

  @Override
  public int send(int descriptor, int first, int count) {
    for (int place = first; place < first + count; place++) {
      message.clear();
      message.add(startOf(place), lengthOf(place));
      int length = addressLengthOf(place);
      MemorySegment.copy(
          addresses(),
          (long) place * Platform.ADDRESS_BYTES,
          message.address().memory(),
          0,
          length);
      message.address().setLength(length);
      int result = calls.send(descriptor, message, 0);
      if (result < 0) {
        return place > first ? place - first : result;
      }
    }
    return count;
  }

  @Override
  public boolean takesSegments() {
    return false;
  }
}
