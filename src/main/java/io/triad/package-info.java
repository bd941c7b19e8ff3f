/**
 * Runs, tasks, nurseries, cancel scopes and time.
 *
 * <h2>Runs and tasks</h2>
 *
 * <p>{@link io.triad.Triad#run} starts a run on the calling thread and returns when everything in it
 * has ended. A run consists of tasks. Each is a virtual thread, written as plain blocking code;
 * exactly one of them executes at a time, and they take turns only at <em>checkpoints</em>: in
 * methods that may block, and that say so. Between two checkpoints nobody interferes, so tasks of one
 * run share objects without locks. What blocks outside of Triad, a file or a socket of the JDK, holds
 * up all of them: that goes to {@code io.triad.thread}.
 *
 * <h2>Nurseries</h2>
 *
 * <p>A {@link io.triad.Nursery} is a block of code in which tasks live. It ends when its body and all
 * its tasks have ended, so no task outlives the code that started it. The first failure cancels the
 * others, and all failures leave together, in an {@link io.triad.ExceptionGroup}:
 *
 * <pre>{@code
 * Nursery.open(nursery -> {
 *   nursery.startSoon("up", () -> copy(client, server));
 *   nursery.startSoon("down", () -> copy(server, client));
 * });
 * }</pre>
 *
 * <p>A task that needs some time until it can be used, a server for example, is begun by {@link
 * io.triad.Nursery#start}, which waits until the task says that it is ready.
 *
 * <h2>Time-outs and cancellation</h2>
 *
 * <p>Methods have no time-out parameters. A {@link io.triad.CancelScope} stands around whatever must
 * not take too long, however deep that blocks:
 *
 * <pre>{@code
 * String line = Triad.failAfter(Duration.ofSeconds(5), () -> receiver.receiveLine(UTF_8, 1024));
 *
 * CancelScope scope = Triad.moveOnAfter(Duration.ofSeconds(1), s -> nursery.start(this::warmUp));
 * if (scope.cancelledCaught()) { … } // it was not ready in time
 * }</pre>
 *
 * <p>A cancelled scope makes every checkpoint inside throw {@link io.triad.Cancelled}, again and
 * again, until its block has been left; there it is swallowed. It is an {@link java.lang.Error}, so
 * that {@code catch (Exception e)} does not stop it; {@code finally} and try-with-resources work as
 * ever. What must be finished nevertheless, a farewell to the peer for example, runs in a scope with
 * a {@linkplain io.triad.CancelScope#setShield shield} and a time-out of its own.
 *
 * <p>Whoever gets {@code Cancelled} out of a method may rely on it that nothing has happened: no byte
 * was received, no lock taken, no object moved. The exceptions say how far they got ({@link
 * io.triad.PartialResult}).
 *
 * <h2>What belongs to a task</h2>
 *
 * <p>A {@link io.triad.TaskLocal}, or a {@link java.lang.ScopedValue} of the JDK, that is bound where
 * a task is started is bound in that task as well.
 *
 * <h2>Looking into a run</h2>
 *
 * <p>{@link io.triad.Triad#dump} shows the tree of tasks, what each waits for, since when and where.
 * An {@link io.triad.Instrument} is told of every step. With a flight recording, runs, tasks, waits
 * and steps that take too long are events of the category "Triad". {@link
 * io.triad.Triad#explain} says which engine is used and why.
 *
 * <h2>Threads and cores</h2>
 *
 * <p>Nothing here is safe for use by other threads than the run's own unless it says so. From other
 * threads a {@link io.triad.TriadToken} reaches a run. {@link io.triad.Triad#runOnEachCore} starts one
 * run on each of several threads; they share nothing and fail together.
 */
@NullMarked
package io.triad;

import org.jspecify.annotations.NullMarked;
