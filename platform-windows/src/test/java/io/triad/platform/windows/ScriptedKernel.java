package io.triad.platform.windows;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.triad.platform.windows.ffi.AFD_POLL_HANDLE_INFO;
import io.triad.platform.windows.ffi.AFD_POLL_INFO;
import io.triad.platform.windows.ffi.PortCalls;
import io.triad.platform.windows.ffi.Windows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A kernel that does what a test says: how the next calls end is prepared, and packets are made on
 * demand. It finds fault with an engine that does to an OVERLAPPED what no kernel forgives, or that
 * waits for ever.
 */
final class ScriptedKernel implements PortCalls {
  static final int PORT = 4;
  private static final MemorySegment EVERYWHERE =
      MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  /** An overlapped call. */
  static final class Call {
    final String what;
    final int handle;
    final long overlapped;
    final List<Integer> lengths = new ArrayList<>();
    long firstRange;
    int other;
    boolean pending;

    Call(String what, int handle, long overlapped) {
      this.what = what;
      this.handle = handle;
      this.overlapped = overlapped;
    }
  }

  /** One file: what a number stands for until it is closed. */
  static final class File {
    int port;
    long key;
    boolean skips;
  }

  private record Packet(long key, long overlapped, int bytes) {}

  private final Map<Integer, File> files = new HashMap<>();
  private final ArrayDeque<Packet> packets = new ArrayDeque<>();
  private final ArrayDeque<Integer> answers = new ArrayDeque<>();
  private final Set<Long> inUse = new HashSet<>();
  private int nextHandle = 100;

  /** All overlapped calls, in order. */
  final List<Call> calls = new ArrayList<>();

  /** Whether sockets are the kernel's own, which can do without packets. */
  boolean ownHandles = true;

  /** What CancelIoEx does: aborts, or finds nothing. */
  boolean cancelFinds = true;

  /** CancelIoEx asks, and the call ends later. */
  boolean cancelSlowly;

  boolean moves = true;
  int bindResult;
  int finishResult;
  int beneathResult;
  int associations;
  int posts;
  int lastMillis;
  long fileBytes = 1000;

  ScriptedKernel() {
    files.put(PORT, new File());
  }

  /** Opens a file under the next number. */
  int open() {
    nextHandle += 4;
    return open(nextHandle);
  }

  /** Opens a file under a number that is free. */
  int open(int handle) {
    if (files.put(handle, new File()) != null) {
      throw new AssertionError("not free: " + handle);
    }
    return handle;
  }

  File file(int handle) {
    File file = files.get(handle);
    if (file == null) {
      throw new AssertionError("not open: " + handle);
    }
    return file;
  }

  /** How many files are open, the port included. */
  int openCount() {
    return files.size();
  }

  void close(int handle) {
    if (files.remove(handle) == null) {
      throw new AssertionError("closed twice: " + handle);
    }
  }

  /** How the next overlapped call ends at once; if nothing is said, it goes on. */
  void nextAnswer(int... results) {
    for (int each : results) {
      answers.add(each);
    }
  }

  void clearAnswers() {
    answers.clear();
  }

  Call last() {
    return calls.getLast();
  }

  List<Call> pending() {
    return calls.stream().filter(each -> each.pending).toList();
  }

  /** Ends a call that goes on. */
  void end(Call call, int status, int bytes) {
    if (!call.pending) {
      throw new AssertionError("ended twice: " + call.what);
    }
    call.pending = false;
    packet(call.handle, call.overlapped, status, bytes);
  }

  private void packet(int handle, long overlapped, int status, int bytes) {
    EVERYWHERE.set(JAVA_INT, overlapped, status);
    EVERYWHERE.set(JAVA_LONG, overlapped + 8, bytes);
    File file = files.get(handle);
    packets.add(new Packet(file == null ? Associations.KEY : file.key, overlapped, bytes));
  }

  private int begin(Call call) {
    File file = file(call.handle);
    if (file.port != PORT) {
      throw new AssertionError("on a handle that is not associated: " + call.what);
    }
    if (!inUse.add(call.overlapped)) {
      throw new AssertionError("the kernel has this OVERLAPPED: " + call.what);
    }
    calls.add(call);
    Integer answer = answers.poll();
    if (answer == null || answer == PENDING) {
      call.pending = true;
      EVERYWHERE.set(JAVA_INT, call.overlapped, Windows.STATUS_PENDING());
      return PENDING;
    }
    if (answer >= 0 && !file.skips) {
      packet(call.handle, call.overlapped, 0, answer);
    } else {
      inUse.remove(call.overlapped);
    }
    return answer;
  }

  private static void readRanges(Call call, long ranges, int count) {
    for (int i = 0; i < count; i++) {
      call.lengths.add(EVERYWHERE.get(JAVA_INT, ranges + 16L * i));
    }
    call.firstRange = EVERYWHERE.get(JAVA_LONG, ranges + 8);
  }

  // ---- the port ----

  @Override
  public int createPort() {
    return PORT;
  }

  @Override
  public int associate(int handle, int port, long key) {
    associations++;
    File file = files.get(handle);
    if (file == null) {
      return -Windows.ERROR_INVALID_HANDLE();
    }
    if (file.port != 0) {
      return -Windows.ERROR_INVALID_PARAMETER();
    }
    file.port = port;
    file.key = key;
    return 0;
  }

  @Override
  public int reassociate(int handle, int port, long key) {
    if (!moves) {
      return -Windows.ERROR_INVALID_FUNCTION();
    }
    File file = file(handle);
    file.port = port;
    file.key = key;
    return 0;
  }

  @Override
  public int skipOnSuccess(int handle) {
    file(handle).skips = true;
    return 0;
  }

  @Override
  public int dequeue(int port, long entries, int count, int millis) {
    lastMillis = millis;
    if (packets.isEmpty() && millis < 0) {
      throw new AssertionError("waits for ever, with " + pending().size() + " calls going on");
    }
    int taken = 0;
    while (taken < count && !packets.isEmpty()) {
      Packet packet = packets.remove();
      long at = entries + 32L * taken++;
      EVERYWHERE.set(JAVA_LONG, at, packet.key);
      EVERYWHERE.set(JAVA_LONG, at + 8, packet.overlapped);
      EVERYWHERE.set(JAVA_INT, at + 24, packet.bytes);
      inUse.remove(packet.overlapped);
    }
    return taken;
  }

  @Override
  public int post(int port, int bytes, long key, long overlapped) {
    posts++;
    packets.add(new Packet(key, overlapped, bytes));
    return 0;
  }

  @Override
  public int cancel(int handle, long overlapped) {
    for (Call call : pending()) {
      if (cancelFinds && call.overlapped == overlapped && call.handle == handle) {
        if (cancelSlowly) {
          return 0;
        }
        end(call, Windows.STATUS_CANCELLED(), 0);
        return 0;
      }
    }
    return -Windows.ERROR_NOT_FOUND();
  }

  @Override
  public int win32Error(int status) {
    return 317; // ERROR_MR_MID_NOT_FOUND, which is what it says of a status that it does not know
  }

  // ---- sockets ----

  @Override
  public int openStream(int family) {
    return open();
  }

  @Override
  public int closeSocket(int socket) {
    if (!files.containsKey(socket)) {
      return -Windows.WSAENOTSOCK();
    }
    for (Call call : pending()) {
      if (call.handle == socket) {
        end(call, Windows.STATUS_HANDLES_CLOSED(), 0);
      }
    }
    close(socket);
    return 0;
  }

  @Override
  public boolean isHandle(int handle) {
    return files.containsKey(handle);
  }

  @Override
  public int family(int socket) {
    return files.containsKey(socket) ? Windows.AF_INET() : -Windows.WSAENOTSOCK();
  }

  @Override
  public int isKernelHandle(int socket) {
    return ownHandles ? 1 : 0;
  }

  @Override
  public int beneath(int socket, int code) {
    if (!files.containsKey(socket)) {
      return -Windows.WSAENOTSOCK();
    }
    return beneathResult < 0 ? beneathResult : socket;
  }

  @Override
  public int receive(int socket, long ranges, int count, long overlapped) {
    Call call = new Call("receive", socket, overlapped);
    readRanges(call, ranges, count);
    return begin(call);
  }

  @Override
  public int send(int socket, long ranges, int count, long overlapped) {
    Call call = new Call("send", socket, overlapped);
    readRanges(call, ranges, count);
    return begin(call);
  }

  @Override
  public int accept(int listener, int accepted, long addresses, long overlapped) {
    Call call = new Call("accept", listener, overlapped);
    call.other = accepted;
    return begin(call);
  }

  @Override
  public int finishAccept(int accepted, int listener) {
    return finishResult;
  }

  @Override
  public int bindAnywhere(int socket, long address) {
    return bindResult;
  }

  @Override
  public int connectNow(int socket, long address, int length) {
    return 0;
  }

  @Override
  public int connect(int socket, long address, int length, long overlapped) {
    return begin(new Call("connect", socket, overlapped));
  }

  @Override
  public int finishConnect(int socket) {
    return finishResult;
  }

  // ---- files ----

  @Override
  public int readFile(int handle, long buffer, int length, long overlapped) {
    return begin(new Call("read", handle, overlapped));
  }

  @Override
  public int writeFile(int handle, long data, int length, long overlapped) {
    return begin(new Call("write", handle, overlapped));
  }

  @Override
  public int reopen(int file) {
    return files.containsKey(file) ? open() : -Windows.ERROR_INVALID_HANDLE();
  }

  @Override
  public long fileBytes(int file) {
    return fileBytes;
  }

  @Override
  public int transmit(int socket, int file, int length, long overlapped) {
    Call call = new Call("transmit", socket, overlapped);
    call.lengths.add(length);
    call.firstRange = EVERYWHERE.get(JAVA_LONG, overlapped + 16);
    call.other = file;
    return begin(call);
  }

  // ---- readiness ----

  @Override
  public int openSocketDriver() {
    return open();
  }

  @Override
  public int pollSocket(int driver, long block, long question) {
    Call call = new Call("poll", driver, block);
    call.firstRange = question;
    return begin(call);
  }

  /** Ends a poll with events. */
  void ready(Call poll, int events) {
    MemorySegment question =
        MemorySegment.ofAddress(poll.firstRange).reinterpret(AFD_POLL_INFO.layout().byteSize());
    AFD_POLL_HANDLE_INFO.Events(AFD_POLL_INFO.Handles_0(question), events);
    end(poll, 0, (int) question.byteSize());
  }

  // ---- other objects ----

  @Override
  public int closeHandle(int handle) {
    close(handle);
    return 0;
  }

  @Override
  public int makeEvent() {
    return open();
  }

  @Override
  public int signal(int event) {
    return 0;
  }

  @Override
  public int isSignalled(int handle) {
    return 0;
  }

  @Override
  public int waitForEither(int first, int second) {
    throw new AssertionError("a scripted kernel has no threads");
  }

  @Override
  public MemorySegment pages(Arena arena, long bytes) {
    return arena.allocate(bytes, 64);
  }

  @Override
  public String toString() {
    @Nullable Call last = calls.isEmpty() ? null : last();
    return "open " + files.keySet() + ", last call " + (last == null ? "none" : last.what);
  }
}
