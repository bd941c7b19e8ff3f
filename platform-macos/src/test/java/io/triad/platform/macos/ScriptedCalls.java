package io.triad.platform.macos;

import io.triad.platform.macos.emulated.EmulatedDarwin;
import io.triad.platform.macos.ffi.DarwinCalls;
import io.triad.platform.macos.ffi.DarwinFunction;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;

/** The emulated system, of which single calls answer what a test wants: what it never would itself. */
final class ScriptedCalls implements DarwinCalls {
  /** What takes the place of one call. */
  interface Answer {
    long to(long a, long b, long c, long d, long e, long f);
  }

  private final Map<DarwinFunction, Queue<Answer>> script = new EnumMap<>(DarwinFunction.class);
  private final Map<DarwinFunction, Integer> counts = new EnumMap<>(DarwinFunction.class);
  private final DarwinCalls system;

  ScriptedCalls(Arena arena) {
    system = new EmulatedDarwin(arena);
  }

  /** The next call of a function that has no answer yet gets this one. */
  ScriptedCalls next(DarwinFunction function, Answer answer) {
    script.computeIfAbsent(function, _ -> new ArrayDeque<>()).add(answer);
    return this;
  }

  /** The next call of a function fails. */
  ScriptedCalls fail(DarwinFunction function, int errno) {
    return next(function, (_, _, _, _, _, _) -> -errno);
  }

  /** How often a function was called. */
  int count(DarwinFunction function) {
    return counts.getOrDefault(function, 0);
  }

  @Override
  public long call(
      DarwinFunction function, long a, long b, long c, long d, long e, long f, long g) {
    counts.merge(function, 1, Integer::sum);
    Queue<Answer> answers = script.get(function);
    Answer answer = answers == null ? null : answers.poll();
    return answer == null
        ? system.call(function, a, b, c, d, e, f, g)
        : answer.to(a, b, c, d, e, f);
  }

  /** Those of another thread are not scripted. */
  @Override
  public DarwinCalls in(Arena arena) {
    return system.in(arena);
  }
}
