/**
 * The C interface of macOS: generated struct layouts and constants, and the calls over them.
 *
 * <p>The classes named after C structs and {@code Macos}, which holds the constants, are printed by
 * jextract from {@code native-headers/macos} and never edited; {@code ci/jextract} prints them again
 * and {@code ci/abi-check} proves them against the true headers of x86-64 and arm64. They load on
 * every operating system.
 */
@NullMarked
package io.triad.platform.macos.ffi;

import org.jspecify.annotations.NullMarked;
