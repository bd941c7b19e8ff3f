/**
 * Tools for testing programs that use Triad, and for testing streams.
 *
 * <h2>A test in a run</h2>
 *
 * <p>A test of a task is a task: its body belongs into {@code Triad.run}. With JUnit, {@link
 * io.triad.testing.TriadTest @TriadTest} puts it there, watches its time, and looks whether it leaves
 * something open. Nothing else here needs a test framework: what fails throws {@link
 * java.lang.AssertionError}, and everything is called from tasks of a run, whoever made it.
 *
 * <h2>Time</h2>
 *
 * <p>A {@link io.triad.testing.MockClock} makes hours pass in no time. With <em>autojump</em> it goes
 * on by itself: as soon as all tasks are blocked, it jumps to the next deadline. This is a whole
 * test; it shows that a client gives up a server that does not answer, and when:
 *
 * <pre>{@code
 * @TriadTest(autojump = true)
 * void a_silent_server_is_given_up_after_three_heartbeats(Nursery nursery, MockClock clock) {
 *   var connection = MemoryStreams.pair();
 *   nursery.startSoon(() -> readAndIgnore(connection.receiver()));
 *
 *   assertThrows(TooSlowException.class, () -> Heartbeat.watch(connection.sender()));
 *   assertEquals(Duration.ofSeconds(90), clock.currentTime());
 * }
 * }</pre>
 *
 * <p>Where exactly a test should look at what tasks have done so far, {@link
 * io.triad.testing.Settling#waitAllTasksBlocked} waits until they can do no more. It is what replaces
 * the pauses in tests of threads: it ends as soon as it may, and never too early.
 *
 * <h2>Order</h2>
 *
 * <p>A bug that shows only if two tasks meet in one particular way is pinned down by a {@link
 * io.triad.testing.Sequencer}, whose numbered blocks run strictly one after the other:
 *
 * <pre>{@code
 * Sequencer sequencer = new Sequencer();
 * nursery.startSoon(
 *     () -> {
 *       sequencer.run(0, () -> cache.lookUp("key"));      // a miss
 *       sequencer.run(2, () -> cache.store("key", old));  // must not replace what is newer
 *     });
 * nursery.startSoon(() -> sequencer.run(1, () -> cache.store("key", recent)));
 * }</pre>
 *
 * <p>{@link io.triad.testing.Checkpoints} asserts that some code lets others run, or that it does
 * not.
 *
 * <h2>Connections</h2>
 *
 * <p>A program that talks over a {@link io.triad.stream.ByteStream} is tested without a network:
 *
 * <ul>
 *   <li>{@link io.triad.testing.MemoryStreams} are connections with buffers without limit. The test
 *       holds the other end, or is the other end: it sees what was sent into a {@link
 *       io.triad.testing.MemorySendStream}, decides what comes out of a {@link
 *       io.triad.testing.MemoryReceiveStream}, and by their hooks delays, cuts or breaks it;
 *   <li>{@link io.triad.testing.LockstepStreams} are connections without any buffer, which find
 *       programs that count on one;
 *   <li>a {@link io.triad.testing.MemoryListener} feeds a {@link io.triad.stream.Server};
 *   <li>{@link io.triad.testing.LocalConnections} connect to a true listener of the same program.
 * </ul>
 *
 * <h2>Streams of one's own</h2>
 *
 * <p>{@link io.triad.testing.StreamChecks} is the executable form of what {@code io.triad.stream}
 * promises. A stream that wraps another one is checked over both kinds of connections, so that it is
 * seen with room to send and without:
 *
 * <pre>{@code
 * @TriadTest
 * void keeps_the_promises_of_streams() {
 *   StreamChecks.checkHalfCloseableStream(
 *       () -> encrypted(MemoryStreams.pair()), () -> encrypted(LockstepStreams.pair()));
 * }
 *
 * private static StreamPair<Encrypted, Encrypted> encrypted(
 *     StreamPair<? extends HalfCloseableStream, ? extends HalfCloseableStream> pair) {
 *   return new StreamPair<>(new Encrypted(pair.sender()), new Encrypted(pair.receiver()));
 * }
 * }</pre>
 */
@NullMarked
package io.triad.testing;

import org.jspecify.annotations.NullMarked;
