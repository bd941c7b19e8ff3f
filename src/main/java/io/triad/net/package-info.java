/**
 * What most users open: TCP streams and listeners, and servers made of them.
 *
 * <p>A client opens a {@link io.triad.net.SocketStream} by {@link io.triad.net.Net#openTcpStream}, and
 * closes it by try-with-resources. A server is one line; each connection has a task, and its stream
 * is closed when the handler has ended:
 *
 * <pre>{@code
 * Net.serveTcp(7777, stream -> {
 *   ChunkAction<IOException> back = stream::sendAll;
 *   while (stream.receive(back)) { }
 * });
 * }</pre>
 *
 * <p>To know when it listens, and where, it is started by {@link io.triad.Nursery#start}. With a limit
 * on connections, or to be stopped without cutting anybody off, the listeners of {@link
 * io.triad.net.Net#openTcpListeners} go into a {@link io.triad.stream.Server}. What can be done with a
 * stream stands in {@code io.triad.stream}.
 */
@NullMarked
package io.triad.net;

import org.jspecify.annotations.NullMarked;
