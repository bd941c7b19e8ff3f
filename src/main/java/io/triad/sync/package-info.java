/** Primitives by which tasks of a run wait for each other. */
@NullMarked
package io.triad.sync;

import org.jspecify.annotations.NullMarked;
