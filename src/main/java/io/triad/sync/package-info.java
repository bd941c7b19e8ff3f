/**
 * Primitives by which tasks of a run wait for each other.
 *
 * <p>Tasks of a run switch only at checkpoints, so code without one needs no lock, and a plain field
 * is shared memory enough. What remains is waiting:
 *
 * <table class="striped">
 *   <caption>What for which purpose</caption>
 *   <thead><tr><th scope="col">to</th><th scope="col">use</th></tr></thead>
 *   <tbody>
 *   <tr><td>wait for something that happens once</td><td>{@link io.triad.sync.Event}</td></tr>
 *   <tr><td>pass objects from task to task</td><td>{@link io.triad.sync.MemoryChannel}</td></tr>
 *   <tr><td>make objects on demand</td><td>{@link io.triad.sync.Producer}</td></tr>
 *   <tr><td>limit how many do something at once</td>
 *     <td>{@link io.triad.sync.CapacityLimiter}</td></tr>
 *   <tr><td>let one at a time do what contains checkpoints</td>
 *     <td>{@link io.triad.sync.Lock}, {@link io.triad.sync.StrictFifoLock}</td></tr>
 *   <tr><td>wait under a lock for a change of what it protects</td>
 *     <td>{@link io.triad.sync.Condition}</td></tr>
 *   <tr><td>count something that tasks add and take</td>
 *     <td>{@link io.triad.sync.Semaphore}</td></tr>
 *   <tr><td>build another primitive</td><td>{@link io.triad.lowlevel.ParkingLot}</td></tr>
 *   </tbody>
 * </table>
 *
 * <h2>Waiting for an event</h2>
 *
 * <pre>{@code
 * Event ready = new Event();
 * nursery.startSoon(() -> {
 *   warmUp();
 *   ready.set();                                  // wakes everybody, now and later
 * });
 * ready.await();
 * }</pre>
 *
 * <h2>Passing objects on</h2>
 *
 * <p>A channel has a sending and a receiving end. Its capacity is how far the sender may run ahead;
 * without any it hands each object over in person. When the sending end is closed, the loop of the
 * receiver comes to its end:
 *
 * <pre>{@code
 * var channel = MemoryChannel.<String>open(0);
 * nursery.startSoon(() -> {
 *   try (var lines = channel.sender()) {
 *     lines.send("one");
 *     lines.send("two");
 *   }
 * });
 * channel.receiver().forEach(line -> System.out.println(line));
 * }</pre>
 *
 * <p>Several senders that end independently get a {@link io.triad.sync.MemorySendChannel#duplicate}
 * each: the channel ends with the last of them. Several receivers share the objects among themselves.
 *
 * <h2>Limiting how many</h2>
 *
 * <pre>{@code
 * CapacityLimiter limiter = new CapacityLimiter(8);
 * for (URI page : pages) {
 *   nursery.startSoon(() -> {
 *     try (var _ = limiter.hold()) {              // eight at a time
 *       fetch(page);
 *     }
 *   });
 * }
 * }</pre>
 *
 * <h2>Rules for all of them</h2>
 *
 * <ul>
 *   <li>They are for the tasks of one run, on its thread. Between runs and threads use {@code
 *       io.triad.thread}.
 *   <li>They are fair: first come, first served. What is released goes straight to the one that has
 *       waited longest, and nobody who comes later can overtake it (CORE-64).
 *   <li>Methods that may wait are checkpoints, whether they have to wait or not, and can be cancelled:
 *       then nothing was acquired, sent or taken (CORE-15). Methods whose name ends with {@code Nowait}
 *       never wait, are no checkpoints, and throw {@link io.triad.WouldBlockException} instead. Neither
 *       are those checkpoints that release something.
 *   <li>{@code hold} is {@code acquire} for try-with-resources, with the {@code release} at the end.
 *   <li>{@code statistics} counts who waits, and {@code toString} says it in words; a dump of the
 *       task tree shows for each task what it waits for in these words.
 * </ul>
 */
@NullMarked
package io.triad.sync;

import org.jspecify.annotations.NullMarked;
