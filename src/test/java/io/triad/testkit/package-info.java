/** What tests share. */
@NullMarked
package io.triad.testkit;

import org.jspecify.annotations.NullMarked;
