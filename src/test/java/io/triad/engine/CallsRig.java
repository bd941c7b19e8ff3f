package io.triad.engine;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;

/** Sockets in a test that are used by calls which never wait, and by waits for readiness. */
final class CallsRig implements AutoCloseable {
  private static final int ROOM = 256;

  final EngineRig rig;
  final Platform platform;
  final NonBlockingCalls calls;
  final Message received;
  private final Arena arena = Arena.ofShared();

  CallsRig(Platform platform) {
    rig = new EngineRig(platform);
    this.platform = platform;
    calls = platform.calls();
    received = new Message(arena);
  }

  int constant(String name) {
    return platform.constant(name).orElseThrow();
  }

  // ---- sockets ----

  int socket(String family, String type) {
    int descriptor = rig.check(calls.socket(constant(family), constant(type), 0, true));
    rig.own(descriptor);
    return descriptor;
  }

  int[] pair(String type) {
    int[] pair = new int[2];
    rig.check(calls.socketPair(constant("AF_UNIX"), constant(type), 0, true, pair));
    rig.own(pair[0]);
    rig.own(pair[1]);
    return pair;
  }

  /** A socket of UDP that is bound to a free port of an address. */
  int udp(String host) {
    int descriptor = socket(host.contains(":") ? "AF_INET6" : "AF_INET", "SOCK_DGRAM");
    rig.check(rig.bind(descriptor, host, 0));
    return descriptor;
  }

  NativeAddress address(String host, int port) {
    NativeAddress address = new NativeAddress(arena);
    address.setLength(platform.encode(new InetSocketAddress(host, port), address.memory()));
    return address;
  }

  /** Where a bound socket is reached from its own machine. */
  NativeAddress addressOf(int descriptor) {
    NativeAddress address = new NativeAddress(arena);
    address.setLength(rig.check(platform.readAddress(descriptor, false, address.memory())));
    return address;
  }

  NativeAddress unix(String name) {
    NativeAddress address = new NativeAddress(arena);
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    address.setLength(rig.check(platform.encodeUnix(bytes, address.memory())));
    return address;
  }

  String unixName(NativeAddress address) {
    return new String(
        platform.decodeUnix(address.memory(), address.length()), StandardCharsets.ISO_8859_1);
  }

  int bind(int descriptor, NativeAddress to) {
    return platform.bind(descriptor, to.memory(), to.length());
  }

  /** Connects, and waits for the outcome. */
  int connect(int descriptor, NativeAddress to) {
    int result = calls.connect(descriptor, to);
    if (result != NonBlockingCalls.AGAIN) {
      return result;
    }
    awaitReady(descriptor, Operation.WRITABLE);
    return -platform.getOption(descriptor, SocketOption.ERROR);
  }

  int listen(int descriptor, int backlog) {
    return platform.listen(descriptor, backlog);
  }

  int accept(int listener) {
    NativeAddress peer = new NativeAddress(arena);
    int descriptor =
        rig.check(
            whenReady(listener, Operation.READABLE, () -> calls.accept(listener, true, peer)));
    rig.own(descriptor);
    return descriptor;
  }

  // ---- waiting ----

  void awaitReady(int descriptor, int readiness) {
    Recorded ready = new Recorded();
    ready.awaitReady(descriptor, readiness);
    rig.check(rig.await(rig.submit(ready)));
  }

  private int whenReady(int descriptor, int readiness, IntSupplier call) {
    int result = call.getAsInt();
    while (result == NonBlockingCalls.AGAIN) {
      awaitReady(descriptor, readiness);
      result = call.getAsInt();
    }
    return result;
  }

  // ---- transfers ----

  int sendNow(int descriptor, byte[] bytes) {
    return calls.send(descriptor, rig.memory(bytes).address(), bytes.length, 0);
  }

  int send(int descriptor, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return whenReady(descriptor, Operation.WRITABLE, () -> sendNow(descriptor, bytes));
  }

  /** Sends all of it over a stream, however many calls that takes. */
  void write(int descriptor, String text) {
    for (int done = 0; done < text.length();) {
      done += rig.check(send(descriptor, text.substring(done)));
    }
  }

  /** Receives so many bytes of a stream, however many calls that takes. */
  String read(int descriptor, int count) {
    StringBuilder all = new StringBuilder();
    while (all.length() < count) {
      String part = receive(descriptor, count - all.length(), 0);
      if (part.isEmpty()) {
        throw new AssertionError("the end after " + all.length() + " bytes");
      }
      all.append(part);
    }
    return all.toString();
  }

  int sendTo(int descriptor, NativeAddress to, byte[] bytes) {
    Message message = new Message(arena);
    message.add(rig.memory(bytes).address(), bytes.length);
    message.address().set(to.toArray());
    return calls.send(descriptor, message, 0);
  }

  int sendTo(int descriptor, NativeAddress to, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return whenReady(descriptor, Operation.WRITABLE, () -> sendTo(descriptor, to, bytes));
  }

  int receiveNow(int descriptor, int count, int flags) {
    return calls.receive(descriptor, rig.memory(new byte[count]).address(), count, flags);
  }

  /** What one call brings once there is something; an error by its name. */
  String receive(int descriptor) {
    return receive(descriptor, ROOM, 0);
  }

  String receive(int descriptor, int count, int flags) {
    MemorySegment memory = rig.memory(new byte[count]);
    int result =
        whenReady(
            descriptor,
            Operation.READABLE,
            () -> calls.receive(descriptor, memory.address(), count, flags));
    return result < 0 ? rig.nameOf(result) : text(memory, Math.min(result, count));
  }

  /** Receives into two ranges, the first of 3 bytes; the rest is in {@link #received}. */
  String receiveMessage(int descriptor, int count, int flags) {
    MemorySegment memory = rig.memory(new byte[count]);
    int result =
        whenReady(
            descriptor,
            Operation.READABLE,
            () -> {
              received.clear();
              received.setControlLength(ROOM);
              received.add(memory.address(), 3);
              received.add(memory.address() + 3, count - 3);
              return calls.receive(descriptor, received, flags);
            });
    return result < 0 ? rig.nameOf(result) : text(memory, Math.min(result, count));
  }

  private static String text(MemorySegment memory, int count) {
    return new String(memory.asSlice(0, count).toArray(JAVA_BYTE), StandardCharsets.ISO_8859_1);
  }

  Message message(int control) {
    Message message = new Message(arena);
    message.setControlLength(control);
    return message;
  }

  @Override
  public void close() {
    try {
      rig.close();
    } finally {
      arena.close();
    }
  }
}
