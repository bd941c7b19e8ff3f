/**
 * The engine contract in memory: a network of one machine that is made of plain Java objects, with
 * faults and a clock drawn from a seed. Not exported. It is the smallest complete engine, and the
 * one to read first: {@link io.triad.engine.simulated.World}.
 */
@NullMarked
package io.triad.engine.simulated;

import org.jspecify.annotations.NullMarked;
