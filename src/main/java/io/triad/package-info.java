/**
 * Runs, tasks, nurseries, cancel scopes and time.
 *
 * <p>{@link io.triad.Triad#run} starts a run on the calling thread. Inside, {@link
 * io.triad.Nursery#open} starts tasks and does not end before they have ended; {@link
 * io.triad.CancelScope} and the time-outs of {@link io.triad.Triad} bound what they do. Exactly one
 * task of a run executes at a time, and tasks switch only at checkpoints, that is, in methods that
 * say so.
 *
 * <p>Nothing here is safe for use by other threads than the run's own unless it says so.
 */
@NullMarked
package io.triad;

import org.jspecify.annotations.NullMarked;
