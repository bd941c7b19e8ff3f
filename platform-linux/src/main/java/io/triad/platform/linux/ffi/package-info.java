/**
 * The C interface of Linux: generated struct layouts and constants, and the calls over them.
 *
 * <p>The classes named after C structs and {@code Linux}, which holds the constants, are printed by
 * jextract from {@code native-headers/linux} and never edited; {@code ci/jextract} prints them
 * again and {@code ci/abi-check} proves them against the true headers of x86-64 and arm64. They
 * load on every operating system. What the C library calls by one name and two values is here
 * twice, as {@code O_DIRECT_X86_64} and {@code O_DIRECT_AARCH64}; {@code epoll_event} is {@code
 * epoll_event_packed} on x86-64 and {@code epoll_event_natural} elsewhere.
 */
@NullMarked
package io.triad.platform.linux.ffi;

import org.jspecify.annotations.NullMarked;
