/**
 * Streams, listeners and resources, whatever carries them: a socket, a pipe, TLS, memory.
 *
 * <h2>Bytes</h2>
 *
 * A {@link io.triad.stream.SendStream} takes bytes, a {@link io.triad.stream.ReceiveStream} gives
 * them; a {@link io.triad.stream.ByteStream} does both, and the sending direction of a {@link
 * io.triad.stream.HalfCloseableStream} can be ended on its own. Two one-way streams make a two-way
 * one: {@link io.triad.stream.StapledStream}.
 *
 * <pre>{@code
 * stream.sendAll("hello".getBytes(UTF_8));           // returns when the system has taken all of it
 * byte[] some = stream.receiveSome();                // whatever has arrived; empty at the end
 * stream.forEachChunk(chunk -> other.sendAll(chunk)); // all of it, without a copy
 * }</pre>
 *
 * A stream has no messages: what one side sends in one piece may arrive in several, and the other
 * way round. {@link io.triad.stream.BufferedReceiver} finds the pieces again, by line, length or
 * delimiter, and sets a limit to each.
 *
 * <pre>{@code
 * var receiver = new BufferedReceiver(stream);
 * int length = Integer.parseInt(receiver.receiveLine(US_ASCII, 10));
 * byte[] body = receiver.receiveExactly(length);
 * }</pre>
 *
 * <h2>Blocking libraries</h2>
 *
 * {@link io.triad.stream.Adapters} makes of a stream what the JDK's libraries expect. They block the
 * task that calls them, and no other.
 *
 * <pre>{@code
 * try (var in = new GZIPInputStream(Adapters.inputStream(stream))) {
 *   JsonNode tree = mapper.readTree(in);
 * }
 * }</pre>
 *
 * <h2>Servers</h2>
 *
 * A {@link io.triad.stream.Server} accepts connections from {@link io.triad.stream.Listener
 * listeners} and runs a task for each. It can be limited, and stopped gracefully.
 *
 * <pre>{@code
 * var server = new Server<>(listeners, stream -> stream.forEachChunk(stream::sendAll))
 *     .maxConnections(10_000);
 * nursery.startSoon("server", server::serve);
 * shutdown.await();
 * boolean allFinished = server.stop(Duration.ofSeconds(10));
 * }</pre>
 *
 * <h2>Objects</h2>
 *
 * A {@link io.triad.stream.SendChannel} and a {@link io.triad.stream.ReceiveChannel} are to objects
 * what streams are to bytes; {@code io.triad.sync} has channels between the tasks of a run.
 *
 * <h2>What all of them promise</h2>
 *
 * <ul>
 *   <li>Each is an {@link io.triad.stream.AsyncResource}, for try-with-resources. Closing always
 *       releases it, also if it is cancelled or throws.
 *   <li>Waiting ends with {@link io.triad.Cancelled} when a scope around it is cancelled, and then
 *       nothing was received; how much was sent, {@link io.triad.PartialResult#of} tells.
 *   <li>What this side closed throws {@link io.triad.ClosedResourceException}, what broke otherwise
 *       {@link io.triad.BrokenResourceException}, a second task in the same direction {@link
 *       io.triad.BusyResourceException}.
 * </ul>
 *
 * <p>{@code io.triad.testing.StreamChecks} is the executable form of these contracts, also for
 * streams of your own.
 */
@NullMarked
package io.triad.stream;

import org.jspecify.annotations.NullMarked;
