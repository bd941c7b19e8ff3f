package io.triad.socket;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes came, and who sent them.
 *
 * @param length how many bytes; 0 for a datagram without any, and at the end of a connection
 * @param address of the sender; null on a connection, where the system does not say
 */
public record ReceivedInto(int length, @Nullable SocketAddress address) {}
