package io.triad.platform.macos.ffi;

import java.lang.foreign.Arena;

/**
 * The seam between the code for macOS and the system: C functions called with Darwin's structs and
 * numbers. The real calls are {@link NativeDarwinCalls}; tests put an emulator in their place, on
 * which everything above runs on another system.
 *
 * <p>An object serves one thread at a time, because it has one place for {@code errno}. Calls whose
 * failure nobody looks at may be made by any number of threads.
 */
public interface DarwinCalls {
  /**
   * Calls a function.
   *
   * <p>Integers stand in the low bits of a parameter, pointers are addresses, what a function has no
   * parameter for is 0.
   *
   * @return the result as {@link DarwinFunction.Result} says, most often ≥ 0 or {@code -errno}
   */
  long call(DarwinFunction function, long a, long b, long c, long d, long e, long f, long g);

  /**
   * The same functions with a place for {@code errno} of their own: for another thread.
   *
   * @param arena how long they can be called
   */
  DarwinCalls in(Arena arena);
}
