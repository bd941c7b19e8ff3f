/**
 * The Triad side of {@code ci/trio-twin}: interprets the programs that its Trio side interprets too,
 * statement by statement, and writes the same kind of trace.
 */
@NullMarked
package io.triad.twin;

import org.jspecify.annotations.NullMarked;
