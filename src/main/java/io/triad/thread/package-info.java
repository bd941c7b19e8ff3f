/**
 * Work on other threads, and calls from there into a run.
 *
 * <p>All tasks of a run share one thread. A call that blocks it without Triad's knowledge, into a
 * driver of a database or an old library, stops every one of them; so does a computation that takes
 * long. Such a call goes to a thread of its own, and only the task that needs the result waits:
 *
 * <pre>{@code
 * byte[] digest = Threads.toThread(() -> hash(file));
 * }</pre>
 *
 * <p><b>How many.</b> Each call borrows a token of a {@link io.triad.sync.Limiter} for as long as its
 * thread is at work. Where none is given, it is {@link io.triad.thread.Threads#defaultLimiter}, one
 * per run with 40 tokens. What competes for something scarcer should have a limiter of its own:
 *
 * <pre>{@code
 * ThreadOptions database = ThreadOptions.DEFAULT.withLimiter(new CapacityLimiter(5));
 * List<Row> rows = Threads.toThread(database, () -> connection.query(sql));
 * }</pre>
 *
 * <p><b>Cancelling.</b> A thread cannot be stopped from outside. There are three answers to a caller
 * that is cancelled:
 *
 * <ul>
 *   <li>It waits for the function to end. That is the default, because it leaves nothing behind: what
 *       the function uses may be closed afterwards.
 *   <li>The function is written to be cancelled, and calls {@link
 *       io.triad.thread.Threads#checkCancelled} between its parts.
 *   <li>With {@link io.triad.thread.ThreadOptions#ABANDON} the caller goes on at once, and the thread
 *       is left to itself. Only for what does no harm by ending late or never, a look-up of a name for
 *       example.
 * </ul>
 *
 * <p><b>The way back.</b> Nothing of a run may be touched from another thread, not even an event be
 * set. What a thread wants done there it hands in:
 *
 * <pre>{@code
 * Threads.toThread(() -> {
 *   for (Path file : files) {
 *     copy(file);                                            // blocks
 *     Threads.fromThreadSync(() -> progress.sendNowait(file));   // in the run, on its thread
 *   }
 * });
 * }</pre>
 *
 * <p>Inside {@link io.triad.thread.Threads#fromThread(io.triad.Body) fromThread} one is back in the
 * task that waits, with its scopes and its scoped values, and may do all that a task may. Threads that
 * Triad has not started need a {@link io.triad.TriadToken}, which a task gets beforehand; {@link
 * io.triad.TriadToken#runSyncSoon(io.triad.Action) runSyncSoon} is the cheapest way in for those that
 * need no answer.
 *
 * <p><b>Threads.</b> They are platform threads, because what is sent here would hold the carrier of a
 * virtual thread; daemons, kept for ten seconds and used again. While a function runs, they see the
 * scoped values and the context class loader of the caller, and carry its name. Thread-local values
 * that a function sets and does not remove stay with the thread.
 *
 * <p>Source: CORE-72 to CORE-79, LOW-42, TEST-13.
 */
@NullMarked
package io.triad.thread;

import org.jspecify.annotations.NullMarked;
