/**
 * What most users open: streams and listeners of TCP and of Unix sockets, servers made of them, and
 * datagrams.
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
 * stream stands in {@code io.triad.stream}; a socket's stream can also send a file without a copy
 * ({@link io.triad.net.SocketStream#sendFile(java.nio.channels.FileChannel, long, long) sendFile}).
 *
 * <p>A host with several addresses is tried as RFC 8305 says: the next address begins when the one
 * before has failed or has not answered for a while, the first connection wins, and the others are
 * closed ({@link io.triad.net.ConnectOptions}).
 *
 * <p>Within one machine, {@link io.triad.net.Net#openUnixSocket} and {@link
 * io.triad.net.Net#serveUnix} do the same over a file name.
 *
 * <p>{@link io.triad.net.UdpSocket} receives and sends many datagrams by one system call:
 *
 * <pre>{@code
 * try (UdpSocket socket = UdpSocket.bind(new InetSocketAddress("127.0.0.1", 7777))) {
 *   DatagramAction<IOException> back =
 *       datagram -> socket.collect(datagram.data(), datagram.source());
 *   for (;;) {
 *     socket.receiveAll(back);
 *     socket.flush();
 *   }
 * }
 * }</pre>
 *
 * <p>A blocking library that takes a {@link javax.net.SocketFactory} runs in a task of the loop with
 * {@link io.triad.net.TriadSocketFactory}, unchanged.
 */
@NullMarked
package io.triad.net;

import org.jspecify.annotations.NullMarked;
