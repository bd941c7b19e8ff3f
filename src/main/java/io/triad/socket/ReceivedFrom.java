package io.triad.socket;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Bytes and who sent them.
 *
 * @param data the bytes; empty for a datagram without any, and at the end of a connection
 * @param address of the sender; null on a connection, where the system does not say
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record ReceivedFrom(byte[] data, @Nullable SocketAddress address) {}
