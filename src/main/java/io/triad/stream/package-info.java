/**
 * What streams, listeners and resources are, whatever carries them. {@code
 * io.triad.testing.StreamChecks} is the executable form of these contracts.
 */
@NullMarked
package io.triad.stream;

import org.jspecify.annotations.NullMarked;
