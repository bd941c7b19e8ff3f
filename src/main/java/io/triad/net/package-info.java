/** What most users open: TCP streams and listeners, and servers made of them. */
@NullMarked
package io.triad.net;

import org.jspecify.annotations.NullMarked;
