package io.triad.platform.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.triad.engine.DatagramBatch;
import io.triad.engine.NonBlockingCalls.ControlMessage;
import io.triad.engine.Platform;
import io.triad.platform.linux.ffi.Libc;
import io.triad.platform.linux.ffi.Linux;
import io.triad.platform.linux.ffi.cmsghdr;
import io.triad.platform.linux.ffi.mmsghdr;
import io.triad.platform.linux.ffi.msghdr;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Datagrams by recvmmsg(2) and sendmmsg(2): an array of struct mmsghdr, each with one range, a place
 * for its address and one for control messages. Pointers are written once; between two calls only
 * what the kernel has changed, or the caller.
 *
 * <p>Several datagrams of one length travel as one: udp(7), UDP_SEGMENT and UDP_GRO.
 */
final class LinuxDatagramBatch extends DatagramBatch {
  private static final int MESSAGE_BYTES = (int) mmsghdr.sizeof();
  private static final int RANGE_BYTES = 16;
  private static final int CONTROL_BYTES = 256;
  private static final int CONTROL_HEADER_BYTES = (int) cmsghdr.sizeof();
  private static final long NAME_LENGTH_AT = offset("msg_namelen");
  private static final long CONTROL_AT = offset("msg_control");
  private static final long CONTROL_LENGTH_AT = offset("msg_controllen");
  private static final long FLAGS_AT = offset("msg_flags");
  private static final long RECEIVED_AT = mmsghdr.msg_len$offset();

  private final Libc libc;
  private final MemorySegment messages;
  private final MemorySegment ranges;
  private final MemorySegment controls;
  private boolean buffersAreSet;

  LinuxDatagramBatch(Libc libc, int capacity) {
    super(capacity);
    this.libc = libc;
    messages = arena().allocate((long) capacity * MESSAGE_BYTES, 8);
    ranges = arena().allocate((long) capacity * RANGE_BYTES, 8);
    controls = arena().allocate((long) capacity * CONTROL_BYTES, 8);
    for (int place = 0; place < capacity; place++) {
      MemorySegment header = messages.asSlice((long) place * MESSAGE_BYTES, msghdr.sizeof());
      msghdr.msg_name(
          header,
          MemorySegment.ofAddress(addresses().address() + (long) place * Platform.ADDRESS_BYTES));
      msghdr.msg_iov(
          header, MemorySegment.ofAddress(ranges.address() + (long) place * RANGE_BYTES));
      msghdr.msg_iovlen(header, 1);
    }
  }

  private static long offset(String field) {
    return msghdr.layout()
        .byteOffset(MemoryLayout.PathElement.groupElement(field));
  }

  // ---- receiving ----

  @Override
  public int receive(int descriptor, int max, boolean withControl) {
    if (!buffersAreSet) {
      setBuffers();
    }
    for (int place = 0; place < max; place++) {
      long at = (long) place * MESSAGE_BYTES;
      messages.set(JAVA_INT, at + NAME_LENGTH_AT, Platform.ADDRESS_BYTES);
      setControl(place, withControl ? CONTROL_BYTES : 0);
    }
    int count =
        libc.recvmmsg(descriptor, messages.address(), max, Linux.MSG_DONTWAIT());
    if (count < 0) {
      return LinuxCalls.again(count);
    }
    for (int place = 0; place < count; place++) {
      long at = (long) place * MESSAGE_BYTES;
      received(
          place,
          messages.get(JAVA_INT, at + RECEIVED_AT),
          messages.get(JAVA_INT, at + NAME_LENGTH_AT),
          messages.get(JAVA_INT, at + FLAGS_AT),
          withControl ? receivedSegmentBytes(place) : 0);
    }
    return count;
  }

  private void setBuffers() {
    long start = buffers().address();
    for (int place = 0; place < capacity(); place++) {
      setRange(place, start + offsetOf(place), BUFFER_BYTES);
    }
    buffersAreSet = true;
  }

  private void setRange(int place, long start, long length) {
    ranges.set(JAVA_LONG, (long) place * RANGE_BYTES, start);
    ranges.set(JAVA_LONG, (long) place * RANGE_BYTES + 8, length);
  }

  private void setControl(int place, int bytes) {
    long at = (long) place * MESSAGE_BYTES;
    long start = controls.address() + (long) place * CONTROL_BYTES;
    messages.set(JAVA_LONG, at + CONTROL_AT, bytes == 0 ? 0 : start);
    messages.set(JAVA_LONG, at + CONTROL_LENGTH_AT, bytes);
  }

  private int receivedSegmentBytes(int place) {
    for (ControlMessage control : controls(place)) {
      if (control.level() == Linux.IPPROTO_UDP() && control.type() == Linux.UDP_GRO()) {
        int bytes = MemorySegment.ofArray(control.data()).get(JAVA_INT.withByteAlignment(1), 0);
        return bytes < lengthOfMessage(place) ? bytes : 0;
      }
    }
    return 0;
  }

  private int lengthOfMessage(int place) {
    return messages.get(JAVA_INT, (long) place * MESSAGE_BYTES + RECEIVED_AT);
  }

  @Override
  public List<ControlMessage> controls(int place) {
    long length = messages.get(JAVA_LONG, (long) place * MESSAGE_BYTES + CONTROL_LENGTH_AT);
    return LinuxCalls.controls(
        controls.asSlice((long) place * CONTROL_BYTES, CONTROL_BYTES), (int) length);
  }

  // ---- sending ----

  @Override
  public int send(int descriptor, int first, int count) {
    buffersAreSet = false;
    for (int place = first; place < first + count; place++) {
      int addressLength = addressLengthOf(place);
      messages.set(JAVA_INT, (long) place * MESSAGE_BYTES + NAME_LENGTH_AT, addressLength);
      setRange(place, startOf(place), lengthOf(place));
      int segmentBytes = segmentBytesOf(place);
      if (segmentBytes > 0) {
        writeSegmentBytes(place, segmentBytes);
      } else {
        setControl(place, 0);
      }
    }
    return LinuxCalls.again(
        libc.sendmmsg(
            descriptor,
            messages.address() + (long) first * MESSAGE_BYTES,
            count,
            Linux.MSG_DONTWAIT() | Linux.MSG_NOSIGNAL()));
  }

  private void writeSegmentBytes(int place, int bytes) {
    MemorySegment entry = controls.asSlice((long) place * CONTROL_BYTES, CONTROL_BYTES);
    cmsghdr.cmsg_len(entry, CONTROL_HEADER_BYTES + Short.BYTES);
    cmsghdr.cmsg_level(entry, Linux.IPPROTO_UDP());
    cmsghdr.cmsg_type(entry, Linux.UDP_SEGMENT());
    entry.set(JAVA_SHORT, CONTROL_HEADER_BYTES, (short) bytes);
    setControl(place, CONTROL_HEADER_BYTES + Long.BYTES);
  }

  @Override
  public boolean takesSegments() {
    return true;
  }
}
