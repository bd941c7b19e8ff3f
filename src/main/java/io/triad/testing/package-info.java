/**
 * Tools for testing programs that use Triad, and for testing streams: {@link
 * io.triad.testing.StreamChecks} is the executable form of what {@code io.triad.stream} promises.
 *
 * <p>Nothing here needs a test framework: what fails throws {@link AssertionError}. Everything is
 * called from tasks of a run.
 */
@NullMarked
package io.triad.testing;

import org.jspecify.annotations.NullMarked;
