/**
 * macOS: the poller on kqueue and the calls around it. Not exported.
 *
 * <p>Everything here calls the system through {@link io.triad.platform.macos.ffi.DarwinCalls}, and the
 * tests run it on another system by an emulator of those.
 */
@NullMarked
package io.triad.platform.macos;

import org.jspecify.annotations.NullMarked;
