/**
 * Sockets as the system has them, and names, for those who need more than a stream: datagrams,
 * messages with descriptors, options, addresses of any family.
 *
 * <p>Who wants a connection or a server is better off with {@code io.triad.net}, whose streams and
 * listeners can be made of a {@link io.triad.socket.Socket} as well, and give theirs out.
 *
 * <pre>{@code
 * try (Socket socket = Sockets.socket(StandardProtocolFamily.INET, SocketType.DATAGRAM)) {
 *   socket.bind(new InetSocketAddress("0.0.0.0", 5353));
 *   for (;;) {
 *     ReceivedFrom received = socket.recvFrom(1500);
 *     socket.sendTo(received.data(), received.address());
 *   }
 * }
 * }</pre>
 *
 * <ul>
 *   <li>{@link io.triad.socket.Sockets} opens sockets, makes pairs, takes descriptors of other libraries
 *       and channels of the JDK, and knows the system's numbers by name.
 *   <li>{@link io.triad.socket.Socket} has the calls of the system under their own names. Those that may
 *       wait are checkpoints and can be cancelled; a cancelled one has moved no byte (SOCK-47). Each
 *       makes its system call at once, and waits for the socket to be ready only if the system says that
 *       it would have to wait; then it tries again.
 *   <li>{@link io.triad.socket.ControlMessage} is what goes beside the bytes of a message, {@link
 *       io.triad.socket.ReceivedMessage} what has come. Descriptors that nobody takes out of it are
 *       closed with it.
 *   <li>{@link io.triad.socket.SocketOptions} adds to {@link java.net.StandardSocketOptions}.
 *   <li>{@link io.triad.socket.Names} looks up hosts, services, protocols and interfaces.
 * </ul>
 *
 * <p>What the system refuses is an {@link io.triad.OsException} with its error. Everything here is for
 * tasks of a run, and for the run in which it was opened.
 */
@NullMarked
package io.triad.socket;

import org.jspecify.annotations.NullMarked;
