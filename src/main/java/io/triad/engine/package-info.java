/**
 * The engine contract: operations, buffers, and what a platform must offer. Not exported. An engine
 * knows operations and no streams; streams know operations and no engine.
 */
@NullMarked
package io.triad.engine;

import org.jspecify.annotations.NullMarked;
