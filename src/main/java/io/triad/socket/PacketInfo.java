package io.triad.socket;

import java.net.InetAddress;

/**
 * Where a datagram came in, or is to go out; ip(7) IP_PKTINFO, ipv6(7) IPV6_PKTINFO.
 *
 * @param address of a received datagram: the one it was sent to; of a datagram to be sent: the one it
 *     is sent from, where the wildcard leaves that to the system
 * @param interfaceIndex the number of the network interface; 0, to be sent, for any
 */
public record PacketInfo(InetAddress address, int interfaceIndex) {}
