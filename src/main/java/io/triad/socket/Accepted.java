package io.triad.socket;

import java.net.SocketAddress;

/**
 * A connection that a listening socket took.
 *
 * @param socket the connection, for the caller to close
 * @param address of the other end; for a Unix socket that has no name, one with an empty path
 */
public record Accepted(Socket socket, SocketAddress address) {}
