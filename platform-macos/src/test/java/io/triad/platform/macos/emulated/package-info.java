/**
 * Darwin on Linux, for tests: the calls that {@code io.triad.platform.macos} makes, with Darwin's
 * structs, numbers and manners, answered by the C library of Linux. So all suites that do I/O run
 * through the code for macOS; none of it proves that a Mac agrees.
 */
@NullMarked
package io.triad.platform.macos.emulated;

import org.jspecify.annotations.NullMarked;
