/**
 * The C interface of Windows: generated struct layouts and constants, and the calls over them.
 *
 * <p>The classes named after C structs and {@code Windows}, which holds the constants, are printed by
 * jextract from {@code native-headers/windows} and never edited; {@code ci/jextract} prints them
 * again and {@code ci/abi-check} proves them against true headers of x86-64. They load on every
 * operating system. What is called by hand is linked when it is first used, on Windows alone.
 */
@NullMarked
package io.triad.platform.windows.ffi;

import org.jspecify.annotations.NullMarked;
