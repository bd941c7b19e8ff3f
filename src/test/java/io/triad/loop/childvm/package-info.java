/**
 * Programs that tests start in a Java virtual machine of their own, because what they prove depends
 * on how that machine was started. They print what they found; the test compares it.
 */
@NullMarked
package io.triad.loop.childvm;

import org.jspecify.annotations.NullMarked;
