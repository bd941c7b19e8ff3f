package io.triad.platform.windows;

import static java.lang.foreign.ValueLayout.JAVA_CHAR;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.Arrays;

/** Calls of Windows that tests make and Triad does not: what makes handles for it to wait for. */
final class Win32 {
  static final int ERROR_IO_PENDING = 997;

  private static final int GENERIC_READ_WRITE = 0xC0000000;
  private static final int CREATE_ALWAYS = 2;
  private static final int OPEN_EXISTING = 3;
  private static final int FILE_FLAG_OVERLAPPED = 0x40000000;
  private static final int PIPE_ACCESS_DUPLEX = 3;
  private static final long INVALID = -1;

  private static final Linker.Option CAPTURED = Linker.Option.captureCallState("GetLastError");
  private static final VarHandle LAST_ERROR =
      Linker.Option.captureStateLayout()
          .varHandle(MemoryLayout.PathElement.groupElement("GetLastError"));

  /** Nobody looks at more arguments than there are parameters; the caller takes all away. */
  private static final MethodHandle CALL =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.of(
                  JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                  JAVA_LONG, JAVA_LONG),
              CAPTURED);

  private static int pipes;

  private Win32() {}

  /** What a call answered, and the error if that says it failed. */
  record Answer(long value, int error) {
    boolean isTrue() {
      return (int) value != 0;
    }
  }

  private static Answer call(String name, long... arguments) {
    long[] all = Arrays.copyOf(arguments, 8);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      MemorySegment function =
          SymbolLookup.libraryLookup("kernel32", Arena.global()).find(name).orElseThrow();
      long value =
          (long) CALL.invokeExact(
              function, state, all[0], all[1], all[2], all[3], all[4], all[5], all[6], all[7]);
      return new Answer(value, (int) LAST_ERROR.get(state, 0L));
    } catch (Throwable e) {
      throw new AssertionError(name, e);
    }
  }

  private static long handle(String name, Answer answer) {
    if (answer.value == 0 || answer.value == INVALID) {
      throw new AssertionError(name + ": error " + answer.error);
    }
    return answer.value;
  }

  private static void require(String name, Answer answer) {
    if (!answer.isTrue()) {
      throw new AssertionError(name + ": error " + answer.error);
    }
  }

  private static MemorySegment wide(Arena arena, String text) {
    return arena.allocateFrom(JAVA_CHAR, (text + "\0").toCharArray());
  }

  /** An event. */
  static long event(boolean manualReset, boolean signalled) {
    Answer answer = call("CreateEventW", 0, manualReset ? 1 : 0, signalled ? 1 : 0, 0);
    return handle("CreateEventW", answer);
  }

  static void set(long event) {
    require("SetEvent", call("SetEvent", event));
  }

  /** Whether an object is signalled; of one that resets itself that takes the signal. */
  static boolean isSignalled(long handle) {
    return (int) call("WaitForSingleObject", handle, 0).value == 0;
  }

  static void close(long handle) {
    require("CloseHandle", call("CloseHandle", handle));
  }

  /** A new file for overlapped calls. */
  static long file(Path path) {
    return open(path.toString(), CREATE_ALWAYS);
  }

  private static long open(String name, int how) {
    try (Arena arena = Arena.ofConfined()) {
      long path = wide(arena, name).address();
      Answer answer =
          call("CreateFileW", path, GENERIC_READ_WRITE, 0, 0, how, FILE_FLAG_OVERLAPPED, 0);
      return handle("CreateFileW", answer);
    }
  }

  /** Both ends of a pipe, for overlapped calls in both directions. */
  static long[] pipe() {
    String name = "\\\\.\\pipe\\triad-" + ProcessHandle.current().pid() + "-" + pipes++;
    try (Arena arena = Arena.ofConfined()) {
      long path = wide(arena, name).address();
      Answer server =
          call(
              "CreateNamedPipeW",
              path,
              PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED,
              0,
              1,
              4096,
              4096,
              0,
              0);
      return new long[] {handle("CreateNamedPipeW", server), open(name, OPEN_EXISTING)};
    }
  }

  /** ReadFile; true if a packet will come. */
  static boolean read(long handle, MemorySegment buffer, MemorySegment overlapped) {
    Answer answer =
        call(
            "ReadFile", handle, buffer.address(), buffer.byteSize(), 0, overlapped.address());
    return answer.isTrue() || answer.error == ERROR_IO_PENDING;
  }

  /** Ends all calls on a handle, whoever made them. */
  static void cancelAll(long handle) {
    require("CancelIoEx", call("CancelIoEx", handle, 0));
  }

  static void post(long port, int bytes, long key, long overlapped) {
    require(
        "PostQueuedCompletionStatus",
        call("PostQueuedCompletionStatus", port, bytes, key, overlapped));
  }
}
