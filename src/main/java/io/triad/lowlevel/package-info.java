/**
 * What primitives are made of. Programs rarely need it; who builds a primitive that {@code
 * io.triad.sync} lacks, does.
 *
 * <p>A {@link io.triad.lowlevel.ParkingLot} is a queue in which tasks sleep until another task lets
 * them go on. Fairness and cancellation are its business; what the tasks wait <em>for</em> is the
 * primitive's. A gate that can be shut again, for example:
 *
 * <pre>{@code
 * final class Gate {
 *   private final ParkingLot lot = new ParkingLot();
 *   private boolean open;
 *
 *   void pass() {
 *     if (open) {
 *       Triad.checkpoint();       // a call that may block is a checkpoint also when it does not
 *     } else {
 *       lot.park();               // is one by itself; a cancelled task has left the lot
 *     }
 *   }
 *
 *   void open() {
 *     open = true;
 *     lot.unparkAll();
 *   }
 *
 *   void shut() {
 *     open = false;
 *   }
 * }
 * }</pre>
 *
 * <p>{@link io.triad.lowlevel.Lowlevel} has what lies below that and beside it:
 *
 * <ul>
 *   <li>{@code waitTaskRescheduled} is a single sleep with its own answer to a cancellation, for what
 *       cannot be stopped at once;
 *   <li>{@code waitReadable} and {@code waitWritable} wait for descriptors that others have opened;
 *   <li>{@code spawnSystemTask} starts a task that serves the whole run and ends with it;
 *   <li>{@code currentStatistics} tells figures about the run.
 * </ul>
 *
 * <p>{@link io.triad.lowlevel.WindowsIo} waits for objects and overlapped calls of Windows, {@link
 * io.triad.lowlevel.Kqueue} for events of the kernel of macOS.
 *
 * <p>A {@link io.triad.lowlevel.RunVar} is what a library keeps once for each run.
 *
 * <p>Nothing here is safe for use by other threads than that of the run.
 */
@NullMarked
package io.triad.lowlevel;

import org.jspecify.annotations.NullMarked;
