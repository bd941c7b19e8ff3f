/** Linux: the io_uring engine and the calls around it. Not exported. */
@NullMarked
package io.triad.platform.linux;

import org.jspecify.annotations.NullMarked;
