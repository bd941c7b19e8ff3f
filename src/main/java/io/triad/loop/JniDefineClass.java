package io.triad.loop;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Defines one class in the boot class loader by calling the JNI function {@code DefineClass} of the
 * running virtual machine.
 *
 * <p>JNI is meant for C, and three of its rules need care when Java itself makes the calls:
 *
 * <ul>
 *   <li><b>A {@code JNIEnv} belongs to a platform thread.</b> A virtual thread may change its
 *       carrier between two calls. So all calls are made on a platform thread of their own.
 *   <li><b>A local reference lives as long as the native method that got it.</b> There is no such
 *       method here: the next native method that returns to Java on this thread empties the table
 *       the reference stands in. So the {@code jclass} is dropped at once, never passed to another
 *       function, not even to be deleted; the table ends with the thread. The caller gets the class
 *       by {@link Class#forName(String, boolean, ClassLoader)}.
 *   <li><b>A pending exception must be taken care of before anything else happens.</b> The very
 *       next call clears it, from a call site that was linked before. An interpreter raises it
 *       earlier still, where the call returns; then it arrives as an ordinary throwable. Either is
 *       the end of it, and both do happen.
 * </ul>
 *
 * <p>All four functions are called in one shape, {@link #SHAPE}, and with {@code errno} captured
 * though nobody reads it: the linker keeps what it has made for a shape and its options, the Linux
 * platform asks for the same one, and making another costs a cold virtual machine some 15 ms at
 * every start. A function reads as many of the
 * arguments as it has parameters and leaves the rest alone, for in the C calling conventions of
 * every 64-bit system that the linker knows it is the caller that clears the stack, and integers
 * and pointers travel in full registers alike. Of the result, a function that returns an {@code
 * int} defines the low half.
 *
 * <p>Source: Java Native Interface Specification, chapters 4 ("JNI Functions", which gives the
 * table indices) and 5 ("The Invocation API"). The tables are the same on every system: one pointer
 * per entry.
 */
final class JniDefineClass implements Runnable {

  /** Index of {@code GetEnv} in {@code JNIInvokeInterface}. */
  private static final int GET_ENV = 6;

  /** Index of {@code DefineClass} in {@code JNINativeInterface}. */
  private static final int DEFINE_CLASS = 5;

  /** Index of {@code ExceptionClear} in {@code JNINativeInterface}. */
  private static final int EXCEPTION_CLEAR = 17;

  /** {@code JNI_VERSION_1_8}, the newest that every virtual machine in question knows. */
  private static final int VERSION = 0x00010008;

  /** The variants a Java runtime may be built with, the usual one first; last: no variant. */
  private static final String[] FOLDERS = {
    "lib/server", "bin/server", "lib/client", "bin/client", "lib/minimal", "lib/zero", "lib", "bin"
  };

  /** Seven integers or pointers to one; {@code DefineClass} has five parameters. */
  private static final FunctionDescriptor SHAPE =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private final String name;
  private final byte[] bytes;
  private @Nullable Throwable failure;

  private JniDefineClass(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  /**
   * Asks the virtual machine to define a class in the boot loader. Only the class being there tells
   * success, so the caller looks for it afterwards: the virtual machine may have refused the class,
   * for example because another thread was first.
   *
   * @param name the binary name, with dots
   * @param bytes the class file
   * @throws IllegalCallerException if native access is denied to this module
   * @throws IllegalStateException if the virtual machine cannot be reached through JNI
   * @throws LinkageError if the virtual machine refused the class, and the exception was raised
   *     before it could be cleared
   */
  static void define(String name, byte[] bytes) {
    JniDefineClass definition = new JniDefineClass(name.replace('.', '/'), bytes);
    Thread thread =
        Thread.ofPlatform()
            .name("triad-define-class")
            .daemon()
            .inheritInheritableThreadLocals(false)
            .unstarted(definition);
    thread.start();
    joinUninterruptibly(thread);
    definition.throwFailure();
  }

  private void throwFailure() {
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    if (failure != null) {
      throw new AssertionError("no checked exception is thrown", failure);
    }
  }

  private static void joinUninterruptibly(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void run() {
    try (Arena arena = Arena.ofConfined()) {
      define(arena);
    } catch (Throwable e) {
      failure = e; // Thrown again by the thread that waits for this one.
    }
  }

  @SuppressWarnings("restricted") // The purpose of this class; see SchedulerAccess.
  private void define(Arena arena) throws Throwable {
    if (ADDRESS.byteSize() != Long.BYTES) {
      throw new IllegalStateException("Triad needs a 64-bit Java runtime");
    }
    // The system loads a library once: this is the library of the running virtual machine.
    MemorySegment getCreatedVms =
        SymbolLookup.libraryLookup(virtualMachineLibrary().toPath(), arena)
            .findOrThrow("JNI_GetCreatedJavaVMs");
    MethodHandle linked =
        Linker.nativeLinker().downcallHandle(SHAPE, Linker.Option.captureCallState("errno"));
    Handle handle = new Handle(linked, arena.allocate(Linker.Option.captureStateLayout()));
    MemorySegment out = arena.allocate(ADDRESS);
    MemorySegment count = arena.allocate(JAVA_INT);

    int status = (int) call(handle, getCreatedVms, out.address(), 1, count.address(), 0, 0);
    if (status != 0 || count.get(JAVA_INT, 0) != 1) {
      throw new IllegalStateException(
          "JNI_GetCreatedJavaVMs answered " + status + ", count " + count.get(JAVA_INT, 0));
    }
    long vm = out.get(JAVA_LONG, 0);
    status = (int) call(handle, function(vm, GET_ENV), vm, out.address(), VERSION, 0, 0);
    if (status != 0) {
      throw new IllegalStateException("JNI GetEnv answered " + status);
    }
    long env = out.get(JAVA_LONG, 0);
    MemorySegment defineClass = function(env, DEFINE_CLASS);
    MemorySegment exceptionClear = function(env, EXCEPTION_CLEAR);
    long className = arena.allocateFrom(name).address();
    long classFile = arena.allocateFrom(JAVA_BYTE, bytes).address();
    long bootLoader = 0;

    long _ = call(handle, defineClass, env, className, bootLoader, classFile, bytes.length);
    long _ = call(handle, exceptionClear, env, 0, 0, 0, 0);
  }

  /** The one call site, so that the first call links it for all. */
  private static long call(
      Handle handle, MemorySegment function, long a, long b, long c, long d, long e)
      throws Throwable {
    return (long) handle.linked.invokeExact(function, handle.errno, a, b, c, d, e, 0L, 0L);
  }

  /** The linked shape, and the place for the {@code errno} that nobody reads. */
  private record Handle(MethodHandle linked, MemorySegment errno) {}

  /**
   * Returns a function of the table that an object, a {@code JavaVM*} or {@code JNIEnv*}, points
   * to.
   */
  private static MemorySegment function(long object, int index) {
    long table = longAt(object);
    return MemorySegment.ofAddress(longAt(table + index * ADDRESS.byteSize()));
  }

  @SuppressWarnings("restricted")
  private static long longAt(long address) {
    return MemorySegment.ofAddress(address).reinterpret(Long.BYTES).get(JAVA_LONG, 0);
  }

  private static File virtualMachineLibrary() {
    String home = System.getProperty("java.home", "");
    String fileName = System.mapLibraryName("jvm");
    for (String folder : FOLDERS) {
      File file = new File(new File(home, folder), fileName);
      if (file.exists()) {
        return file;
      }
    }
    throw new IllegalStateException("no " + fileName + " in the Java runtime at " + home);
  }
}
