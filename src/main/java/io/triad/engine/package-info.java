/**
 * The engine contract: operations, buffers, and what a platform must offer. Not exported. An engine
 * knows operations and no streams; streams know operations and no engine. Where a system only tells
 * when a descriptor is ready, {@link io.triad.engine.ReadinessEngine} makes an engine of that.
 */
@NullMarked
package io.triad.engine;

import org.jspecify.annotations.NullMarked;
