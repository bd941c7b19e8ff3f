package io.triad.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.triad.engine.DatagramBatch;
import io.triad.engine.NonBlockingCalls.ControlMessage;
import io.triad.engine.Platform;
import io.triad.stream.Chunk;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A received datagram, lent for the length of a call; see {@link UdpSocket#receive}. Nothing was
 * copied. Touched after the call it throws {@link IllegalStateException}, or shows another datagram.
 */
public final class Datagram {
  private final Platform platform;
  private final KnownSenders senders;
  private final int truncatedFlag;
  private final Chunk data = new Chunk();
  private @Nullable DatagramBatch batch;
  private int place;

  Datagram(Platform platform, KnownSenders senders) {
    this.platform = platform;
    this.senders = senders;
    truncatedFlag = platform.constant("MSG_TRUNC").orElse(0);
  }

  void lend(DatagramBatch from, int newPlace, int offset, int length) {
    batch = from;
    place = newPlace;
    data.lend(from.buffers(), (long) DatagramBatch.offsetOf(newPlace) + offset, length);
  }

  void revoke() {
    batch = null;
    data.revoke();
  }

  private DatagramBatch batch() {
    if (batch == null) {
      throw new IllegalStateException("the loan of this datagram is over");
    }
    return batch;
  }

  /**
   * Returns the bytes.
   *
   * @return the bytes, 0 or more; the same object each time, lent like the datagram
   */
  public Chunk data() {
    batch();
    return data;
  }

  /**
   * Returns how many bytes there are.
   *
   * @return 0 or more
   */
  public int length() {
    return data.length();
  }

  /**
   * Returns a copy of the bytes.
   *
   * @return a new array
   */
  public byte[] toArray() {
    return data.toArray();
  }

  /**
   * Returns who sent it. The object may be kept; known senders get the same one again.
   *
   * @return the address and port
   */
  public InetSocketAddress source() {
    DatagramBatch from = batch();
    return senders.at(
        from.addresses(), (long) place * Platform.ADDRESS_BYTES, from.addressLengthOf(place));
  }

  /**
   * Returns whether the datagram was longer than what was received of it.
   *
   * @return true if bytes are missing at the end
   */
  public boolean isTruncated() {
    return (batch().flagsOf(place) & truncatedFlag) != 0;
  }

  /**
   * Returns the address that it was sent to, which tells hosts with several from each other, and
   * multicast groups from the host; ip(7) IP_PKTINFO.
   *
   * @return the address, or null if {@link UdpOptions#details} is off or the system does not tell
   */
  public @Nullable InetAddress localAddress() {
    byte[] ipv4 = control("IPPROTO_IP", "IP_PKTINFO");
    byte[] ipv6 = ipv4 == null ? control("IPPROTO_IPV6", "IPV6_PKTINFO") : null;
    try {
      if (ipv4 != null && ipv4.length >= 12) {
        // struct in_pktinfo: the interface, the local address, the address in the header.
        return InetAddress.getByAddress(Arrays.copyOfRange(ipv4, 8, 12));
      }
      return ipv6 != null && ipv6.length >= 16
          ? InetAddress.getByAddress(Arrays.copyOf(ipv6, 16))
          : null;
    } catch (UnknownHostException e) {
      throw new AssertionError(e); // thrown for a wrong length only
    }
  }

  /**
   * Returns how many routers could still have passed it on; ip(7) IP_TTL, ipv6(7) IPV6_HOPLIMIT.
   *
   * @return 0 to 255, or -1 if {@link UdpOptions#details} is off or the system does not tell
   */
  public int timeToLive() {
    byte[] value = control("IPPROTO_IP", "IP_TTL");
    if (value == null) {
      value = control("IPPROTO_IP", "IP_RECVTTL"); // what macOS calls it
    }
    if (value == null) {
      value = control("IPPROTO_IPV6", "IPV6_HOPLIMIT");
    }
    if (value == null || value.length == 0) {
      return -1;
    }
    MemorySegment memory = MemorySegment.ofArray(value);
    return value.length >= Integer.BYTES
        ? memory.get(JAVA_INT.withByteAlignment(1), 0)
        : Byte.toUnsignedInt(memory.get(JAVA_BYTE, 0));
  }

  private byte @Nullable [] control(String level, String type) {
    DatagramBatch from = batch();
    OptionalInt levelNumber = platform.constant(level);
    OptionalInt typeNumber = platform.constant(type);
    if (levelNumber.isPresent() && typeNumber.isPresent()) {
      for (ControlMessage control : from.controls(place)) {
        if (control.level() == levelNumber.getAsInt() && control.type() == typeNumber.getAsInt()) {
          return control.data();
        }
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return batch == null ? "Datagram, not lent" : length() + " bytes from " + source();
  }
}
