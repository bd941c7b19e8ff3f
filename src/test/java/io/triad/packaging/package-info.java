/** What the jars hold, and what they tell the tools that read them. */
@NullMarked
package io.triad.packaging;

import org.jspecify.annotations.NullMarked;
