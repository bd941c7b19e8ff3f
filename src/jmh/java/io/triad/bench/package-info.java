/**
 * Benchmarks: the peers against which Triad's echo server is measured side by side, the report of
 * that comparison, and JMH benchmarks. Never shipped.
 */
@NullMarked
package io.triad.bench;

import org.jspecify.annotations.NullMarked;
