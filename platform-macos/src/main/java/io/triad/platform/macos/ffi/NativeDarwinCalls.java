package io.triad.platform.macos.ffi;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * libSystem itself.
 *
 * <p><b>Two call shapes.</b> Linking a shape costs some ten milliseconds of start-up. So all
 * functions but the variadic ones are called through a single handle that takes the function's
 * address and seven {@code long}s: x86-64 (System V) and arm64 pass integers and pointers in
 * registers in order, a function looks at the low bits of narrower ones and at no register that it
 * has no parameter for. Apple's arm64 differs from the common rules in two points. What stands for
 * the three dots of a prototype is on the stack, eight bytes each; hence a second handle, which the
 * linker is told about. And parameters beyond the eighth are packed, which is why no function here
 * may have so many.
 *
 * <p><b>errno</b> is captured by the linker in the same instant as the call.
 *
 * <p>No call is marked critical: it would hold up the garbage collector, and most may block.
 */
public final class NativeDarwinCalls implements DarwinCalls {
  private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /** EAI_SYSTEM of netdb.h: errno says more. */
  private static final int EAI_SYSTEM = 11;

  private static final int FIXED_PARAMETERS = 2;

  /** Made when first called, since another system has not all of them. */
  private static final class Fixed {
    static final MethodHandle CALL =
        Linker.nativeLinker()
            .downcallHandle(
                FunctionDescriptor.of(
                    JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                    JAVA_LONG),
                Linker.Option.captureCallState("errno"));
  }

  /** Two parameters, and one in the place of the three dots. */
  private static final class Variadic {
    static final MethodHandle CALL =
        Linker.nativeLinker()
            .downcallHandle(
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                Linker.Option.firstVariadicArg(FIXED_PARAMETERS),
                Linker.Option.captureCallState("errno"));
  }

  /** Found when first called. */
  private static final Map<DarwinFunction, MemorySegment> ADDRESSES = new ConcurrentHashMap<>();

  private final MemorySegment capture;

  /** Makes calls whose place for {@code errno} lives as long as the arena. */
  public NativeDarwinCalls(Arena arena) {
    capture = arena.allocate(CAPTURE);
  }

  @Override
  public DarwinCalls in(Arena arena) {
    return new NativeDarwinCalls(arena);
  }

  private static MemorySegment address(DarwinFunction function) {
    MemorySegment known = ADDRESSES.get(function);
    return known == null ? ADDRESSES.computeIfAbsent(function, NativeDarwinCalls::find) : known;
  }

  private static MemorySegment find(DarwinFunction function) {
    return Linker.nativeLinker()
        .defaultLookup()
        .find(function.symbol())
        .orElseThrow(
            () -> new UnsatisfiedLinkError("libSystem has no function " + function.symbol()));
  }

  @Override
  public long call(
      DarwinFunction function, long a, long b, long c, long d, long e, long f, long g) {
    MemorySegment address = address(function);
    long result;
    try {
      if (function.isVariadic()) {
        assert function.fixedParameters() == FIXED_PARAMETERS;
        result = (long) Variadic.CALL.invokeExact(address, capture, a, b, c);
      } else {
        result = (long) Fixed.CALL.invokeExact(address, capture, a, b, c, d, e, f, g);
      }
    } catch (Throwable thrown) {
      throw new AssertionError("a native call threw", thrown);
    }
    return switch (function.result()) {
      case INT -> (int) result == -1 ? -errno() : (int) result;
      case LONG -> result == -1 ? -errno() : result;
      case POINTER -> result;
      case REQUIRED_POINTER -> result == 0 ? -errno() : result;
      case NUMBER -> (int) result;
      case RESOLVER -> (int) result == EAI_SYSTEM ? errno() << 32 | EAI_SYSTEM : (int) result;
      case NONE -> 0;
    };
  }

  private long errno() {
    return (int) ERRNO.get(capture, 0L);
  }
}
