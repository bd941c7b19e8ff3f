package io.triad.platform.windows.ffi;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * How functions of Windows are called, and a place for the error of the last call; one thread at a
 * time has it.
 *
 * <p><b>One call shape</b>, as on Linux and for the same reason: all functions are called through one
 * handle that takes eleven {@code long}s, which is what NtCreateFile has. Windows has a single calling
 * convention on x86-64. It passes the first four integers or pointers in registers, narrower ones in
 * the low bits with nothing promised of the others; the rest on the stack, 8 bytes for each, behind 32
 * bytes that belong to the function called; and the caller takes them off again. So a function reads
 * and writes what it has parameters for and does not see that there is more; the methods here pass
 * zeros behind them. On arm64 the same is true of eight registers. None of these functions takes
 * floating point or a structure by value, which is where this would end. A {@code BOOL} and an {@code
 * int} stand in the low half of the result.
 *
 * <p><b>The error</b> is captured by the linker in the same instant as the call. What
 * WSAGetLastError tells is kept where GetLastError finds it, so one capture serves both.
 */
final class NativeCall {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final VarHandle LAST_ERROR =
      CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("GetLastError"));

  private static final MethodHandle CALL =
      LINKER.downcallHandle(
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          Linker.Option.captureCallState("GetLastError"));

  private final MemorySegment capture;

  /** Makes one whose place for the error lives as long as the arena. */
  NativeCall(Arena arena) {
    capture = arena.allocate(CAPTURE);
  }

  /** A library of the system; it stays loaded. */
  static SymbolLookup library(String name) {
    return SymbolLookup.libraryLookup(name, Arena.global());
  }

  /** The address of a function. */
  static MemorySegment find(SymbolLookup library, String name) {
    return library
        .find(name)
        .orElseThrow(() -> new UnsatisfiedLinkError("Windows has no function " + name));
  }

  /** One whose error nobody reads; any thread may call with it. */
  static NativeCall unread() {
    return Unread.CALL;
  }

  private static final class Unread {
    static final NativeCall CALL = new NativeCall(Arena.global());
  }

  long call(
      MemorySegment function, long a, long b, long c, long d, long e, long f, long g, long h,
      long i, long j, long k) {
    try {
      return (long) CALL.invokeExact(function, capture, a, b, c, d, e, f, g, h, i, j, k);
    } catch (Throwable thrown) {
      throw new AssertionError("a native call threw", thrown);
    }
  }

  long call(
      MemorySegment function, long a, long b, long c, long d, long e, long f, long g, long h) {
    return call(function, a, b, c, d, e, f, g, h, 0, 0, 0);
  }

  long call(MemorySegment function, long a, long b, long c, long d, long e) {
    return call(function, a, b, c, d, e, 0, 0, 0, 0, 0, 0);
  }

  long call(
      MemorySegment function, long a, long b, long c, long d, long e, long f, long g) {
    return call(function, a, b, c, d, e, f, g, 0, 0, 0, 0);
  }

  long call(MemorySegment function, long a, long b, long c, long d) {
    return call(function, a, b, c, d, 0, 0, 0, 0, 0, 0, 0);
  }

  long call(MemorySegment function, long a, long b, long c) {
    return call(function, a, b, c, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  long call(MemorySegment function, long a) {
    return call(function, a, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /** The error of the last call, negated; never 0, which would be success. */
  int failure() {
    int code = (int) LAST_ERROR.get(capture, 0L);
    return code == 0 ? -Windows.ERROR_GEN_FAILURE() : -code;
  }

  /** 0, or the error if the last call answered FALSE. */
  int ofBoolean(long result) {
    return (int) result == 0 ? failure() : 0;
  }

  /** 0, or the error if the last call, one of sockets, answered SOCKET_ERROR. */
  int ofSocketCall(long result) {
    return (int) result == -1 ? failure() : 0;
  }
}
