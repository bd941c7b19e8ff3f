/**
 * The machinery of a run: the loop, its fibers, deadlines, the cancellation tree and the sleep/wake
 * protocol. Not exported; {@code io.triad} is the public face of it.
 */
@NullMarked
package io.triad.loop;

import org.jspecify.annotations.NullMarked;
