package io.triad.platform.windows.ffi;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;

/**
 * Functions of kernel32.dll that concern handles, files and errors: a result, or {@code -code} with
 * what GetLastError says. All have memory of their own and may be called by any thread.
 */
public final class Kernel32 {
  private static final int INVALID_HANDLE_VALUE = -1;
  private static final int MESSAGE_CHARACTERS = 1024;

  private Kernel32() {}

  /** Linked with the first of them. */
  private static final class Functions {
    static final SymbolLookup KERNEL = NativeCall.library("kernel32");
    static final MemorySegment GET_HANDLE_INFORMATION = find("GetHandleInformation");
    static final MemorySegment SET_HANDLE_INFORMATION = find("SetHandleInformation");
    static final MemorySegment FORMAT_MESSAGE = find("FormatMessageW");
    static final MemorySegment CREATE_FILE = find("CreateFileW");
    static final MemorySegment CLOSE_HANDLE = find("CloseHandle");
    static final MemorySegment FILE_INFORMATION = find("GetFileInformationByHandle");
    static final MemorySegment FILE_INFORMATION_EX = find("GetFileInformationByHandleEx");

    private Functions() {}

    static MemorySegment find(String name) {
      return NativeCall.find(KERNEL, name);
    }
  }

  // ---- handles ----

  /** Whether children inherit a handle: 1 or 0; GetHandleInformation. */
  public static int inheritable(int handle) {
    try (Arena arena = Arena.ofConfined()) {
      NativeCall call = new NativeCall(arena);
      MemorySegment flags = arena.allocate(JAVA_INT);
      long result =
          call.call(Functions.GET_HANDLE_INFORMATION, handle, flags.address(), 0, 0);
      return (int) result == 0
          ? call.failure()
          : flags.get(JAVA_INT, 0) & Windows.HANDLE_FLAG_INHERIT();
    }
  }

  /** SetHandleInformation: whether children inherit a handle. */
  public static int setInheritable(int handle, boolean inheritable) {
    try (Arena arena = Arena.ofConfined()) {
      NativeCall call = new NativeCall(arena);
      int inherit = Windows.HANDLE_FLAG_INHERIT();
      long result =
          call.call(
              Functions.SET_HANDLE_INFORMATION, handle, inherit, inheritable ? inherit : 0, 0);
      return call.ofBoolean(result);
    }
  }

  /** Whether the process has such a handle at all. */
  public static boolean isHandle(int handle) {
    return handle >= 0 && inheritable(handle) >= 0;
  }

  /** CloseHandle; not for sockets. */
  public static int close(int handle) {
    try (Arena arena = Arena.ofConfined()) {
      NativeCall call = new NativeCall(arena);
      OpenHandles.closing(handle);
      return call.ofBoolean(call.call(Functions.CLOSE_HANDLE, handle));
    }
  }

  // ---- files ----

  /**
   * CreateFileW of a file or directory that exists, for its attributes only; not through a link. Not
   * inherited by children.
   */
  public static int openForAttributes(String path) {
    try (Arena arena = Arena.ofConfined()) {
      NativeCall call = new NativeCall(arena);
      int share =
          Windows.FILE_SHARE_READ() | Windows.FILE_SHARE_WRITE() | Windows.FILE_SHARE_DELETE();
      int flags =
          Windows.FILE_FLAG_BACKUP_SEMANTICS() | Windows.FILE_FLAG_OPEN_REPARSE_POINT();
      int handle =
          (int) call.call(
              Functions.CREATE_FILE,
              arena.allocateFrom(path, StandardCharsets.UTF_16LE).address(),
              Windows.FILE_READ_ATTRIBUTES(),
              share,
              0,
              Windows.OPEN_EXISTING(),
              flags,
              0);
      return OpenHandles.opened(handle == INVALID_HANDLE_VALUE ? call.failure() : handle);
    }
  }

  /** GetFileInformationByHandle; a BY_HANDLE_FILE_INFORMATION is written. */
  public static int fileInformation(int handle, MemorySegment information) {
    try (Arena arena = Arena.ofConfined()) {
      NativeCall call = new NativeCall(arena);
      long result =
          call.call(Functions.FILE_INFORMATION, handle, information.address(), 0, 0);
      return call.ofBoolean(result);
    }
  }

  /** GetFileInformationByHandleEx; the struct is as long as the kind wants it. */
  public static int fileInformation(int handle, int kind, MemorySegment information) {
    try (Arena arena = Arena.ofConfined()) {
      NativeCall call = new NativeCall(arena);
      long result =
          call.call(
              Functions.FILE_INFORMATION_EX,
              handle,
              kind,
              information.address(),
              information.byteSize());
      return call.ofBoolean(result);
    }
  }

  // ---- errors ----

  /** FormatMessageW: the system's text for an error number; empty if it has none. */
  public static String message(int code) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(2L * MESSAGE_CHARACTERS, 2);
      int flags =
          Windows.FORMAT_MESSAGE_FROM_SYSTEM() | Windows.FORMAT_MESSAGE_IGNORE_INSERTS();
      long length =
          new NativeCall(arena)
              .call(
                  Functions.FORMAT_MESSAGE,
                  flags,
                  0,
                  code,
                  0,
                  text.address(),
                  MESSAGE_CHARACTERS,
                  0);
      return (int) length == 0
          ? ""
          : text.getString(0, StandardCharsets.UTF_16LE).strip();
    }
  }
}
