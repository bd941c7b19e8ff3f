/** Small programs on Triad, each one screen long. Start with {@link io.triad.examples.EchoServer}. */
@NullMarked
package io.triad.examples;

import org.jspecify.annotations.NullMarked;
