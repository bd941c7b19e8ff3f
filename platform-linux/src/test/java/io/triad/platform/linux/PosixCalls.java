package io.triad.platform.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.triad.platform.linux.ffi.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * What the other end of a socket does in these tests, without any of the engine's code: plain calls
 * of the C library that answer a result or {@code -errno}. Any thread.
 */
final class PosixCalls {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MemoryLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle SOCKETPAIR =
      link(
          "socketpair",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle CONNECT =
      link("connect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle ACCEPT =
      link("accept4", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
  private static final MethodHandle SEND =
      link("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle RECEIVE =
      link("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle CLOSE =
      link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle DUPLICATE =
      link("dup", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle DUPLICATE_TO =
      link("dup3", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle PIPE =
      link("pipe2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle EVENT_COUNTER =
      link("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle MEMORY_FILE =
      link("memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle READ =
      link("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle WRITE =
      link("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle GETTID = link("gettid", FunctionDescriptor.of(JAVA_INT));
  private static final MethodHandle GETPID = link("getpid", FunctionDescriptor.of(JAVA_INT));
  private static final MethodHandle TGKILL =
      link("tgkill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle PRCTL =
      link(
          "prctl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          Linker.Option.firstVariadicArg(1));
  private static final MethodHandle SIGNAL =
      LINKER.downcallHandle(address("signal"), FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS));

  private PosixCalls() {}

  private static MethodHandle link(String name, FunctionDescriptor type, Linker.Option... more) {
    Linker.Option[] options = new Linker.Option[more.length + 1];
    options[0] = Linker.Option.captureCallState("errno");
    System.arraycopy(more, 0, options, 1, more.length);
    return LINKER.downcallHandle(address(name), type, options);
  }

  private static MemorySegment address(String name) {
    return LINKER.defaultLookup().findOrThrow(name);
  }

  /** One call, with its own place for errno. */
  private interface Call {
    long invoke(MemorySegment capture, Arena arena) throws Throwable;
  }

  private static int call(Call call) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment capture = arena.allocate(CAPTURE);
      long result = call.invoke(capture, arena);
      return result == -1 ? -(int) ERRNO.get(capture, 0L) : (int) result;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a native call threw", e);
    }
  }

  /** Two ends of a connection that needs no network: unix(7), socketpair(2). */
  static int[] socketPair() {
    int[] pair = new int[2];
    int result =
        call(
            (capture, arena) -> {
              MemorySegment both = arena.allocate(JAVA_INT, 2);
              int answer =
                  (int) SOCKETPAIR.invokeExact(
                      capture,
                      Linux.AF_UNIX(),
                      Linux.SOCK_STREAM() | Linux.SOCK_CLOEXEC(),
                      0,
                      both);
              pair[0] = both.getAtIndex(JAVA_INT, 0);
              pair[1] = both.getAtIndex(JAVA_INT, 1);
              return answer;
            });
    LinuxErrors.require(result, "socketpair");
    return pair;
  }

  /** connect(2); waits, whatever the mode of the socket. */
  static int connect(int descriptor, MemorySegment address, int length) {
    int result;
    do {
      result =
          call((capture, _) -> (int) CONNECT.invokeExact(capture, descriptor, address, length));
    } while (result == -Linux.EINPROGRESS() || result == -Linux.EALREADY());
    return result;
  }

  /** accept4(2); waits. */
  static int accept(int descriptor) {
    return call(
        (capture, _) -> (int) ACCEPT.invokeExact(
            capture,
            descriptor,
            MemorySegment.NULL,
            MemorySegment.NULL,
            Linux.SOCK_CLOEXEC()));
  }

  /** send(2) that does not wait: a count, which may be short, or {@code -EAGAIN}. */
  static int send(int descriptor, byte[] bytes, int from, int count) {
    return call(
        (capture, arena) -> {
          MemorySegment memory = arena.allocate(Math.max(count, 1));
          MemorySegment.copy(bytes, from, memory, JAVA_BYTE, 0, count);
          return (long) SEND.invokeExact(
              capture,
              descriptor,
              memory,
              (long) count,
              Linux.MSG_DONTWAIT() | Linux.MSG_NOSIGNAL());
        });
  }

  /** Sends all of it; there must be room. */
  static void sendAll(int descriptor, byte[] bytes) {
    int sent = send(descriptor, bytes, 0, bytes.length);
    if (sent != bytes.length) {
      throw new AssertionError("sent " + sent + " of " + bytes.length + " bytes");
    }
  }

  /** recv(2) that does not wait: a count, 0 at the end, or {@code -EAGAIN}. */
  static int receive(int descriptor, byte[] to) {
    return call(
        (capture, arena) -> {
          MemorySegment memory = arena.allocate(to.length);
          long count =
              (long) RECEIVE.invokeExact(
                  capture, descriptor, memory, (long) to.length, Linux.MSG_DONTWAIT());
          if (count > 0) {
            MemorySegment.copy(memory, JAVA_BYTE, 0, to, 0, (int) count);
          }
          return count;
        });
  }

  /** close(2). */
  static int close(int descriptor) {
    return call((capture, _) -> (int) CLOSE.invokeExact(capture, descriptor));
  }

  /** dup(2). */
  static int duplicate(int descriptor) {
    return call((capture, _) -> (int) DUPLICATE.invokeExact(capture, descriptor));
  }

  /** dup3(2): the second number means from now on what the first one does. */
  static int duplicateTo(int descriptor, int number) {
    return call(
        (capture, _) -> (int) DUPLICATE_TO.invokeExact(
            capture, descriptor, number, Linux.O_CLOEXEC()));
  }

  /** pipe2(2): the end to read from and the end to write to, neither of which blocks. */
  static int[] pipe() {
    int[] pair = new int[2];
    int result =
        call(
            (capture, arena) -> {
              MemorySegment both = arena.allocate(JAVA_INT, 2);
              int flags = Linux.O_CLOEXEC() | Linux.O_NONBLOCK();
              int answer = (int) PIPE.invokeExact(capture, both, flags);
              pair[0] = both.getAtIndex(JAVA_INT, 0);
              pair[1] = both.getAtIndex(JAVA_INT, 1);
              return answer;
            });
    LinuxErrors.require(result, "pipe2");
    return pair;
  }

  /** eventfd(2): a counter, at 0, that does not block. */
  static int eventCounter() {
    return call(
        (capture, _) -> (int) EVENT_COUNTER.invokeExact(
            capture, 0, Linux.EFD_CLOEXEC() | Linux.EFD_NONBLOCK()));
  }

  /** memfd_create(2): an empty file that lies in memory. */
  static int memoryFile() {
    return call(
        (capture, arena) -> (int) MEMORY_FILE.invokeExact(capture, arena.allocateFrom("test"), 1));
  }

  /** read(2): a count, 0 at the end, or {@code -EAGAIN}. */
  static int read(int descriptor, byte[] to) {
    return call(
        (capture, arena) -> {
          MemorySegment memory = arena.allocate(to.length);
          long count = (long) READ.invokeExact(capture, descriptor, memory, (long) to.length);
          if (count > 0) {
            MemorySegment.copy(memory, JAVA_BYTE, 0, to, 0, (int) count);
          }
          return count;
        });
  }

  /** write(2): a count, which may be short, or {@code -EAGAIN}. */
  static int write(int descriptor, byte[] bytes) {
    return call(
        (capture, arena) -> {
          MemorySegment memory = arena.allocateFrom(JAVA_BYTE, bytes);
          return (long) WRITE.invokeExact(capture, descriptor, memory, (long) bytes.length);
        });
  }

  /** gettid(2): the kernel's name for the calling thread. */
  static int threadId() {
    return call((capture, _) -> (int) GETTID.invokeExact(capture));
  }

  /** tgkill(2): a signal to one thread of this process. */
  static int signalThread(int threadId, int signal) {
    return call(
        (capture, _) -> {
          int process = (int) GETPID.invokeExact(capture);
          return (int) TGKILL.invokeExact(capture, process, threadId, signal);
        });
  }

  /** prctl(2). */
  static int prctl(int option, long second, long third) {
    return call((capture, _) -> (int) PRCTL.invokeExact(capture, option, second, third, 0L, 0L));
  }

  /**
   * Has a signal caught instead of ignored, by a function of the C library that does nothing of
   * note: only a signal that is caught interrupts a wait (signal(7)). An upcall into Java would end
   * the virtual machine.
   *
   * @return what was there before, for {@link #handle}
   */
  static MemorySegment catchAndForget(int signal) {
    return handle(signal, address("getppid"));
  }

  /** Sets the handler of a signal; answers the one before. */
  static MemorySegment handle(int signal, MemorySegment handler) {
    try {
      return (MemorySegment) SIGNAL.invokeExact(signal, handler);
    } catch (Throwable e) {
      throw new AssertionError("a native call threw", e);
    }
  }
}
