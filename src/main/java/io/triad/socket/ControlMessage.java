package io.triad.socket;

import io.triad.loop.Loop;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What travels beside the bytes of a message: descriptors, the address a datagram was sent to, how far
 * it may still go, when it came; cmsg(3). For {@link Socket#sendMsg} and from {@link Socket#recvMsg}.
 *
 * <p>The numbers are those of the system at hand, so messages are made and read by tasks of a run.
 *
 * @param level the protocol it belongs to, SOL_SOCKET for example
 * @param type which message of that protocol, SCM_RIGHTS for example
 * @param data its content in the system's form; copied
 */
@SuppressWarnings("ArrayRecordComponent") // equals and hashCode look into it
public record ControlMessage(int level, int type, byte[] data) {
  private static final int MAX_SEGMENT_BYTES = 65535;

  /**
   * Makes one.
   *
   * @param level the protocol it belongs to
   * @param type which message of that protocol
   * @param data its content in the system's form; copied
   */
  public ControlMessage {
    data = data.clone();
  }

  /** {@return a copy of its content in the system's form} */
  @Override
  public byte[] data() {
    return data.clone();
  }

  // ---- to be sent ----

  /**
   * Descriptors for a process at the other end of a Unix socket; unix(7) SCM_RIGHTS. The receiver gets
   * duplicates: these stay the sender's, and may be closed when the message is sent.
   *
   * @param descriptors their numbers
   * @return the message
   */
  public static ControlMessage rights(int... descriptors) {
    byte[] data = new byte[descriptors.length * Integer.BYTES];
    in(data).asIntBuffer().put(descriptors);
    return of("SOL_SOCKET", "SCM_RIGHTS", data);
  }

  /**
   * Where a datagram is to go out, and from which address; IP_PKTINFO or IPV6_PKTINFO by the kind of
   * address.
   *
   * @param info address and interface
   * @return the message
   */
  public static ControlMessage packetInfo(PacketInfo info) {
    byte[] address = info.address().getAddress();
    if (address.length == 4) { // struct in_pktinfo: interface, source, destination
      byte[] data = new byte[12];
      in(data).putInt(info.interfaceIndex()).put(address);
      return of("IPPROTO_IP", "IP_PKTINFO", data);
    }
    byte[] data = new byte[20];
    in(data).put(address).putInt(info.interfaceIndex());
    return of("IPPROTO_IPV6", "IPV6_PKTINFO", data);
  }

  /**
   * How many routers a datagram of IPv4 may pass; ip(7) IP_TTL.
   *
   * @param hops 1 to 255
   * @return the message
   */
  public static ControlMessage timeToLive(int hops) {
    return of("IPPROTO_IP", "IP_TTL", integer(hops));
  }

  /**
   * How many routers a datagram of IPv6 may pass; ipv6(7) IPV6_HOPLIMIT.
   *
   * @param hops 0 to 255; -1 for the default
   * @return the message
   */
  public static ControlMessage hopLimit(int hops) {
    return of("IPPROTO_IPV6", "IPV6_HOPLIMIT", integer(hops));
  }

  /**
   * Has the kernel cut one send into datagrams; udp(7) UDP_SEGMENT.
   *
   * @param bytes how many each but the last has, 1 to 65535
   * @return the message
   * @throws IllegalArgumentException if it is out of range
   * @throws UnsupportedOperationException if this system has no such thing
   */
  public static ControlMessage segmentSize(int bytes) {
    if (bytes < 1 || bytes > MAX_SEGMENT_BYTES) {
      throw new IllegalArgumentException("a datagram has 1 to 65535 bytes, not " + bytes);
    }
    byte[] data = new byte[Short.BYTES];
    in(data).putShort((short) bytes);
    return of("SOL_UDP", "UDP_SEGMENT", data);
  }

  private static ControlMessage of(String level, String type, byte[] data) {
    SocketRun run = run();
    return new ControlMessage(run.constant(level), run.constant(type), data);
  }

  private static SocketRun run() {
    return SocketRun.of(Loop.requireFiber().loop());
  }

  private static byte[] integer(int value) {
    byte[] data = new byte[Integer.BYTES];
    in(data).putInt(value);
    return data;
  }

  private static ByteBuffer in(byte[] data) {
    return ByteBuffer.wrap(data).order(ByteOrder.nativeOrder());
  }

  // ---- room ----

  /**
   * Returns the room that a control message takes, for {@link Socket#recvMsg}: CMSG_SPACE of cmsg(3).
   *
   * @param dataBytes of its content
   * @return bytes, header and padding included
   * @throws IllegalArgumentException if it is negative, or above 1 GiB
   */
  public static int space(int dataBytes) {
    Objects.checkIndex(dataBytes, 1 << 30);
    return run().calls.controlBytes(dataBytes);
  }

  /**
   * Returns the room that descriptors take, for {@link Socket#recvMsg}.
   *
   * @param count how many descriptors
   * @return bytes
   */
  public static int spaceOfRights(int count) {
    return space(Math.multiplyExact(count, Integer.BYTES));
  }

  // ---- received ----

  /**
   * Returns where a datagram came in, if this is the message that says so: SocketOptions.IP_PKTINFO or
   * IPV6_RECVPKTINFO was set.
   *
   * @return the address it was sent to and the interface
   */
  public Optional<PacketInfo> packetInfo() {
    ByteBuffer in = content();
    if (is("IPPROTO_IP", "IP_PKTINFO") && data.length >= 12) {
      byte[] address = new byte[4];
      in.get(8, address);
      return Optional.of(new PacketInfo(internetAddress(address), in.getInt(0)));
    }
    if (is("IPPROTO_IPV6", "IPV6_PKTINFO") && data.length >= 20) {
      byte[] address = new byte[16];
      in.get(0, address);
      return Optional.of(new PacketInfo(internetAddress(address), in.getInt(16)));
    }
    return Optional.empty();
  }

  /**
   * Returns how many routers a datagram might still have passed, if this is the message that says so:
   * SocketOptions.IP_RECVTTL or IPV6_RECVHOPLIMIT was set.
   *
   * @return 0 to 255
   */
  public OptionalInt hopLimit() {
    if (is("IPPROTO_IP", "IP_RECVTTL") && data.length > 0) { // what macOS calls it
      return OptionalInt.of(Byte.toUnsignedInt(data[0]));
    }
    boolean present = is("IPPROTO_IP", "IP_TTL") || is("IPPROTO_IPV6", "IPV6_HOPLIMIT");
    return present ? first() : OptionalInt.empty();
  }

  /**
   * Returns the type of service of a datagram, if this is the message that says so: SocketOptions.IP_RECVTOS
   * or IPV6_RECVTCLASS was set.
   *
   * @return the byte of the header, 0 to 255
   */
  public OptionalInt trafficClass() {
    boolean ofIpv4 = is("IPPROTO_IP", "IP_TOS") || is("IPPROTO_IP", "IP_RECVTOS");
    if (ofIpv4 && data.length > 0) {
      return OptionalInt.of(Byte.toUnsignedInt(data[0])); // one byte, where IPv6 has an int
    }
    return is("IPPROTO_IPV6", "IPV6_TCLASS") ? first() : OptionalInt.empty();
  }

  /**
   * Returns into what the kernel has joined datagrams, if this is the message that says so:
   * SocketOptions.UDP_GRO was set.
   *
   * @return the size of each datagram in bytes; the last may be smaller
   */
  public OptionalInt segmentSize() {
    return is("SOL_UDP", "UDP_GRO") ? first() : OptionalInt.empty();
  }

  /**
   * Returns when a datagram came, if this is the message that says so: SocketOptions.SO_TIMESTAMPNS was
   * set.
   *
   * @return the time by the system's clock
   */
  public Optional<Instant> timestamp() {
    ByteBuffer in = content();
    return is("SOL_SOCKET", "SO_TIMESTAMPNS") && data.length >= 2 * Long.BYTES
        ? Optional.of(Instant.ofEpochSecond(in.getLong(0), in.getLong(Long.BYTES)))
        : Optional.empty();
  }

  private OptionalInt first() {
    return data.length >= Integer.BYTES ? OptionalInt.of(content().getInt(0)) : OptionalInt.empty();
  }

  private ByteBuffer content() {
    return in(data);
  }

  private static InetAddress internetAddress(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError(e); // thrown for a wrong length only
    }
  }

  private boolean is(String protocol, String name) {
    SocketRun run = run();
    return run.is(level, protocol) && run.is(type, name);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ControlMessage that
        && level == that.level
        && type == that.type
        && Arrays.equals(data, that.data);
  }

  @Override
  public int hashCode() {
    return (level * 31 + type) * 31 + Arrays.hashCode(data);
  }
}
