package io.triad.net;

/**
 * How a {@link UdpSocket} is set up.
 *
 * @param reuseAddress whether other sockets may be bound to the same address, as several receivers of
 *     a multicast group are; socket(7) SO_REUSEADDR
 * @param reusePort whether several sockets, of several runs for example, share an address and the
 *     datagrams that come to it; socket(7) SO_REUSEPORT
 * @param broadcast whether datagrams may be sent to broadcast addresses; socket(7) SO_BROADCAST
 * @param ipv6Only whether a socket for IPv6 leaves IPv4 alone; ipv6(7) IPV6_V6ONLY
 * @param receiveBufferBytes the size of the kernel's receive buffer; 0 for the system's choice.
 *     Datagrams for which it has no room are lost
 * @param sendBufferBytes the size of the kernel's send buffer; 0 for the system's choice
 * @param segmentation whether datagrams of one length to one address may be handed to the kernel as
 *     one, for it or the network card to divide; udp(7) UDP_SEGMENT. On the wire nothing is different,
 *     and where the kernel cannot, it is not done
 * @param grouping whether datagrams of one length from one address may be taken from the kernel
 *     together; udp(7) UDP_GRO. {@link UdpSocket#receive} hands them out one by one all the same. It
 *     pays for streams of datagrams and costs a little for single ones
 * @param details whether {@link Datagram#localAddress} and {@link Datagram#timeToLive} are known
 */
public record UdpOptions(
    boolean reuseAddress,
    boolean reusePort,
    boolean broadcast,
    boolean ipv6Only,
    int receiveBufferBytes,
    int sendBufferBytes,
    boolean segmentation,
    boolean grouping,
    boolean details) {
  /** Segmentation, and IPv6 without IPv4; nothing else. */
  public static final UdpOptions DEFAULT =
      new UdpOptions(false, false, false, true, 0, 0, true, false, false);

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if one is negative
   */
  public UdpOptions {
    if (receiveBufferBytes < 0 || sendBufferBytes < 0) {
      throw new IllegalArgumentException(
          "buffer sizes must be >= 0, not " + receiveBufferBytes + " and " + sendBufferBytes);
    }
  }

  /**
   * Returns the same but for one option.
   *
   * @param value whether other sockets may be bound to the same address
   * @return new options
   */
  public UdpOptions withReuseAddress(boolean value) {
    return new UdpOptions(
        value, reusePort, broadcast, ipv6Only, receiveBufferBytes, sendBufferBytes, segmentation,
        grouping, details);
  }

  /**
   * Returns the same but for one option.
   *
   * @param value whether several sockets share the address and its datagrams
   * @return new options
   */
  public UdpOptions withReusePort(boolean value) {
    return new UdpOptions(
        reuseAddress, value, broadcast, ipv6Only, receiveBufferBytes, sendBufferBytes,
        segmentation, grouping, details);
  }

  /**
   * Returns the same but for one option.
   *
   * @param value whether datagrams may be sent to broadcast addresses
   * @return new options
   */
  public UdpOptions withBroadcast(boolean value) {
    return new UdpOptions(
        reuseAddress, reusePort, value, ipv6Only, receiveBufferBytes, sendBufferBytes,
        segmentation, grouping, details);
  }

  /**
   * Returns the same but for one option.
   *
   * @param value whether a socket for IPv6 leaves IPv4 alone
   * @return new options
   */
  public UdpOptions withIpv6Only(boolean value) {
    return new UdpOptions(
        reuseAddress, reusePort, broadcast, value, receiveBufferBytes, sendBufferBytes,
        segmentation, grouping, details);
  }

  /**
   * Returns the same but for the sizes of the kernel's buffers.
   *
   * @param receiveBytes the size of the receive buffer; 0 for the system's choice
   * @param sendBytes the size of the send buffer; 0 for the system's choice
   * @return new options
   * @throws IllegalArgumentException if a size is negative
   */
  public UdpOptions withBuffers(int receiveBytes, int sendBytes) {
    return new UdpOptions(
        reuseAddress, reusePort, broadcast, ipv6Only, receiveBytes, sendBytes, segmentation,
        grouping, details);
  }

  /**
   * Returns the same but for one option.
   *
   * @param value whether datagrams may be handed to the kernel as one
   * @return new options
   */
  public UdpOptions withSegmentation(boolean value) {
    return new UdpOptions(
        reuseAddress, reusePort, broadcast, ipv6Only, receiveBufferBytes, sendBufferBytes, value,
        grouping, details);
  }

  /**
   * Returns the same but for one option.
   *
   * @param value whether datagrams may be taken from the kernel together
   * @return new options
   */
  public UdpOptions withGrouping(boolean value) {
    return new UdpOptions(
        reuseAddress, reusePort, broadcast, ipv6Only, receiveBufferBytes, sendBufferBytes,
        segmentation, value, details);
  }

  /**
   * Returns the same but for one option.
   *
   * @param value whether the local address and the time to live of datagrams are known
   * @return new options
   */
  public UdpOptions withDetails(boolean value) {
    return new UdpOptions(
        reuseAddress, reusePort, broadcast, ipv6Only, receiveBufferBytes, sendBufferBytes,
        segmentation, grouping, value);
  }
}
