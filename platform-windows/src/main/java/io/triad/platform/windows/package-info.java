/** Windows: the engine on completion ports and the calls around it. Not exported. */
@NullMarked
package io.triad.platform.windows;

import org.jspecify.annotations.NullMarked;
