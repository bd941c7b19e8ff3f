/**
 * The whole runtime against a model: random programs of tasks, scopes, locks, channels and streams in
 * a simulated world, where the model knows at each step what may happen and what must.
 */
@NullMarked
package io.triad.model;

import org.jspecify.annotations.NullMarked;
