/**
 * What everything that owns a descriptor is built from: waiting for one operation, closing, results
 * of the system as exceptions.
 */
@NullMarked
package io.triad.descriptor;

import org.jspecify.annotations.NullMarked;
