package io.triad.net;

import io.triad.ClosedResourceException;
import io.triad.descriptor.Closing;
import io.triad.descriptor.DescriptorCalls;
import io.triad.descriptor.Errors;
import io.triad.descriptor.SocketAccess;
import io.triad.engine.NativeAddress;
import io.triad.engine.NativeBlocks;
import io.triad.engine.Platform;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.lowlevel.Lowlevel;
import io.triad.socket.AddressHints;
import io.triad.socket.Names;
import io.triad.socket.Socket;
import io.triad.socket.SocketType;
import io.triad.stream.AsyncResource;
import io.triad.stream.Chunk;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket for programs that move many datagrams: one system call receives or sends several, and
 * nothing is copied or allocated on the way in.
 *
 * <pre>{@code
 * try (UdpSocket socket = UdpSocket.bind(new InetSocketAddress("::1", 7777))) {
 *   for (;;) {
 *     socket.receiveAll(datagram -> socket.collect(datagram.data(), datagram.source()));
 *     socket.flush();
 *   }
 * }
 * }</pre>
 *
 * <p>UDP promises nothing: datagrams are lost, doubled and overtaken, and {@code send} says only that
 * the system has taken one. Backpressure ends at the socket's send buffer: where that is full, a send
 * waits. What comes when the receive buffer is full is dropped by the system.
 *
 * <p>On a connected socket the system reports what it learns about earlier datagrams, that nobody
 * listens there for example, as the error of whichever operation comes next, once: an {@link
 * io.triad.OsException} with ECONNREFUSED. The socket stays usable.
 *
 * <p>All that waits is a checkpoint and can be cancelled; a cancelled send has sent nothing, a
 * cancelled receive has lost nothing. One task may receive while others send. Multicast groups and
 * other options are reached by {@link #socket}; datagrams that this object has taken from the system
 * are not there for {@link Socket} any more.
 *
 * <p>It belongs to the run in which it was opened and is used by its tasks only. An idle socket holds
 * no buffer.
 *
 * <p>Source: udp(7), recvmmsg(2), sendmmsg(2).
 */
public final class UdpSocket implements AsyncResource {
  private static final SocketAccess ACCESS = SocketAccess.get();

  private final Socket socket;
  private final Loop loop;
  private final int descriptor;
  private final DatagramReceiver receiver;
  private final DatagramSender sender;
  private final DatagramMemory memory;
  private final boolean ipv6;
  private boolean closed;

  private UdpSocket(
      Socket socket, Loop loop, boolean ipv6, UdpOptions options, boolean segments,
      boolean groups) {
    this.socket = socket;
    this.loop = loop;
    this.ipv6 = ipv6;
    descriptor = socket.fileno();
    memory = DatagramMemory.of(loop);
    receiver = new DatagramReceiver(loop, descriptor, memory, groups || options.details());
    sender = new DatagramSender(loop, descriptor, memory, ipv6, segments);
    ACCESS.setOwner(socket, this::closing);
  }

  // ---- opening ----

  /**
   * Opens a socket at an address of this machine.
   *
   * @param local the address; port 0 lets the system choose. A name is looked up
   * @return the socket
   * @throws IOException if the address is taken or not of this machine, or the name unknown
   */
  public static UdpSocket bind(InetSocketAddress local) throws IOException {
    return bind(local, UdpOptions.DEFAULT);
  }

  /**
   * Opens a socket at an address of this machine.
   *
   * @param local the address; port 0 lets the system choose. A name is looked up
   * @param options how to set it up
   * @return the socket
   * @throws IOException if the address is taken or not of this machine, the name unknown, or an
   *     option not to be had
   */
  public static UdpSocket bind(InetSocketAddress local, UdpOptions options) throws IOException {
    Objects.requireNonNull(options, "options");
    Fiber fiber = Loop.requireFiber();
    InetSocketAddress address = resolved(local);
    fiber.checkpoint();
    UdpSocket opened = open(fiber.loop(), address.getAddress(), options);
    try {
      opened.bindTo(address);
      return opened;
    } catch (Throwable e) {
      opened.abandon(e);
      throw e;
    }
  }

  /**
   * Opens a socket that is connected: it sends to one address, and receives from that address only.
   *
   * @param remote the address. A name is looked up
   * @return the socket, at an address of the system's choice
   * @throws IOException if the name is unknown, or there is no way there
   */
  public static UdpSocket connect(InetSocketAddress remote) throws IOException {
    return connect(remote, UdpOptions.DEFAULT);
  }

  /**
   * Opens a socket that is connected: it sends to one address, and receives from that address only.
   *
   * @param remote the address. A name is looked up
   * @param options how to set it up
   * @return the socket, at an address of the system's choice
   * @throws IOException if the name is unknown, there is no way there, or an option not to be had
   */
  public static UdpSocket connect(InetSocketAddress remote, UdpOptions options)
      throws IOException {
    Objects.requireNonNull(options, "options");
    Fiber fiber = Loop.requireFiber();
    InetSocketAddress address = resolved(remote);
    fiber.checkpoint();
    UdpSocket opened = open(fiber.loop(), address.getAddress(), options);
    try {
      opened.connectTo(address);
      return opened;
    } catch (Throwable e) {
      opened.abandon(e);
      throw e;
    }
  }

  private static InetSocketAddress resolved(InetSocketAddress address) throws IOException {
    return address.isUnresolved()
        ? Names.getaddrinfo(
            address.getHostString(),
            address.getPort(),
            AddressHints.ANY.type(SocketType.DATAGRAM))
            .getFirst()
            .address()
        : address;
  }

  private static UdpSocket open(Loop loop, InetAddress address, UdpOptions options)
      throws IOException {
    Platform platform = loop.platform();
    boolean ipv6 = address instanceof Inet6Address;
    int family = platform.constant(ipv6 ? "AF_INET6" : "AF_INET").orElse(0);
    int type = platform.constant("SOCK_DGRAM").orElse(0);
    int opened =
        DescriptorCalls.check(
            platform,
            platform.calls().socket(family, type, 0, loop.engine().wantsNonBlocking()),
            "socket");
    try {
      UdpSetup setup = new UdpSetup(loop, opened, ipv6);
      setup.apply(options);
      boolean groups = options.grouping() && setup.groups();
      boolean segments = options.segmentation() && setup.knowsSegments();
      return new UdpSocket(
          ACCESS.adopt(loop, opened, family, type, 0), loop, ipv6, options, segments, groups);
    } catch (Throwable e) {
      platform.close(opened);
      throw e;
    }
  }

  private void abandon(Throwable because) {
    try {
      AsyncResource.closeForcefully(this);
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  private void bindTo(InetSocketAddress local) throws IOException {
    NativeBlocks.Block block = loop.blocks().take();
    try {
      Platform platform = loop.platform();
      int length = platform.encode(local, block.memory());
      DescriptorCalls.check(
          platform, platform.bind(descriptor, block.memory(), length), "bind to " + local);
    } finally {
      loop.blocks().give(block);
    }
  }

  /**
   * Connects the socket, or connects it to another address: from now on it sends there unless told
   * otherwise, and receives from there only. What came earlier and was not received stays.
   *
   * @param remote the address; must be resolved
   * @throws IOException if the socket is closed, or there is no way there
   * @throws IllegalArgumentException if the address is not resolved
   */
  public void connectTo(InetSocketAddress remote) throws IOException {
    enter();
    KnownReceivers receivers = ipv6 ? memory.mappedReceivers : memory.receivers;
    int place = receivers.place(remote);
    NativeAddress address = memory.address;
    MemorySegment.copy(
        receivers.memory(),
        KnownReceivers.offset(place),
        address.memory(),
        0,
        receivers.length(place));
    address.setLength(receivers.length(place));
    Platform platform = loop.platform();
    DescriptorCalls.check(
        platform, platform.calls().connect(descriptor, address), "connect to " + remote);
  }

  private Fiber enter() throws ClosedResourceException {
    Fiber fiber = loop.requireOwnFiber();
    if (closed) {
      throw alreadyClosed();
    }
    return fiber;
  }

  // ---- receiving ----

  /**
   * Waits for a datagram and lends it to an action. A checkpoint.
   *
   * @param action what to do with it
   * @param <E> what the action may throw; the datagram is received nevertheless
   * @throws IOException if the socket is closed, or to report an error of the socket, which is then
   *     over
   * @throws E what the action throws
   * @throws io.triad.BusyResourceException if another task is receiving, or handling what it received
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; nothing was received
   */
  public <E extends Exception> void receive(DatagramAction<E> action) throws IOException, E {
    receiver.receive(enter(), action);
  }

  /**
   * Waits for a datagram, and lends it and all others that have come by then, as far as one system
   * call takes them, to an action, one after the other. A checkpoint before the first of them.
   *
   * @param action what to do with each; if it throws, or closes the socket, those behind stay for the
   *     next call, or are dropped
   * @param <E> what the action may throw
   * @return how many there were, 1 or more
   * @throws IOException if the socket is closed, or to report an error of the socket, which is then
   *     over
   * @throws E what the action throws
   * @throws io.triad.BusyResourceException if another task is receiving, or handling what it received
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; nothing was received
   */
  public <E extends Exception> int receiveAll(DatagramAction<E> action) throws IOException, E {
    return receiver.receiveAll(enter(), action);
  }

  // ---- sending ----

  /**
   * Sends the remaining bytes of a buffer as a datagram, in place if it is direct; its position does
   * not move. A checkpoint.
   *
   * @param data the bytes, 0 or more
   * @param to where to; must be resolved
   * @throws IOException if the socket is closed, or the system refuses: EMSGSIZE if they are too
   *     many, ECONNREFUSED to report on an earlier datagram. This one was not sent
   * @throws IllegalArgumentException if the address is not resolved
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; nothing was sent
   */
  public void send(ByteBuffer data, InetSocketAddress to) throws IOException {
    send(MemorySegment.ofBuffer(data), Objects.requireNonNull(to, "to"));
  }

  /**
   * Sends a datagram to whom the socket is connected to; see {@link #send(ByteBuffer,
   * InetSocketAddress)}.
   *
   * @param data the bytes, 0 or more
   * @throws IOException as above, and with EDESTADDRREQ if the socket is not connected
   */
  public void send(ByteBuffer data) throws IOException {
    send(MemorySegment.ofBuffer(data), null);
  }

  /**
   * Sends bytes as a datagram; see {@link #send(ByteBuffer, InetSocketAddress)}.
   *
   * @param data the bytes, 0 or more
   * @param to where to; must be resolved
   * @throws IOException as above
   */
  public void send(byte[] data, InetSocketAddress to) throws IOException {
    send(MemorySegment.ofArray(data), Objects.requireNonNull(to, "to"));
  }

  /**
   * Sends bytes as a datagram to whom the socket is connected to; see {@link #send(ByteBuffer)}.
   *
   * @param data the bytes, 0 or more
   * @throws IOException as above
   */
  public void send(byte[] data) throws IOException {
    send(MemorySegment.ofArray(data), null);
  }

  /**
   * Sends lent bytes, of a received datagram for example, as a datagram, in place; see {@link
   * #send(ByteBuffer, InetSocketAddress)}.
   *
   * @param data the bytes, 0 or more
   * @param to where to; must be resolved. {@link Datagram#source} is the fastest
   * @throws IOException as above
   */
  public void send(Chunk data, InetSocketAddress to) throws IOException {
    Objects.requireNonNull(to, "to");
    Fiber fiber = enter();
    long address = data.nativeAddress();
    if (address == 0) {
      send(data.segment(), to);
    } else {
      sender.send(fiber, address, data.length(), to);
    }
  }

  private void send(MemorySegment data, @Nullable InetSocketAddress to) throws IOException {
    Fiber fiber = enter();
    int length = (int) Math.min(data.byteSize(), Integer.MAX_VALUE);
    if (data.isNative()) {
      if (!data.scope().isAlive()) {
        throw new IllegalStateException("the memory to be sent has been freed");
      }
      try {
        sender.send(fiber, data.address(), length, to);
      } finally {
        Reference.reachabilityFence(data);
      }
    } else if (length <= NativeBlocks.LARGE_BYTES) {
      NativeBlocks.Block block = loop.blocks().take(length);
      try {
        MemorySegment.copy(data, 0, block.memory(), 0, length);
        sender.send(fiber, block.memory().address(), length, to);
      } finally {
        loop.blocks().give(block);
      }
    } else { // for the system to refuse
      try (Arena arena = Arena.ofConfined()) {
        sender.send(fiber, arena.allocate(length).address(), length, to);
      }
    }
  }

  /**
   * Takes a copy of a datagram, to be sent by the next {@link #flush} together with others: one
   * system call for many, and those of one length that follow each other to one address travel to the
   * network card as one, where the system can ({@link UdpOptions#segmentation}). If there is no room
   * for it, flushes first.
   *
   * @param data the bytes, 0 or more
   * @param to where to; must be resolved
   * @throws IOException if the socket is closed, or what {@link #flush} throws
   * @throws IllegalArgumentException if the address is not resolved, or the bytes are more than any
   *     datagram has
   */
  public void collect(ByteBuffer data, InetSocketAddress to) throws IOException {
    collect(MemorySegment.ofBuffer(data), Objects.requireNonNull(to, "to"));
  }

  /**
   * Takes a copy of a datagram to whom the socket is connected to; see {@link #collect(ByteBuffer,
   * InetSocketAddress)}.
   *
   * @param data the bytes, 0 or more
   * @throws IOException as above
   */
  public void collect(ByteBuffer data) throws IOException {
    collect(MemorySegment.ofBuffer(data), null);
  }

  /**
   * Takes a copy of lent bytes, of a received datagram for example; see {@link #collect(ByteBuffer,
   * InetSocketAddress)}.
   *
   * @param data the bytes, 0 or more
   * @param to where to; must be resolved. {@link Datagram#source} is the fastest
   * @throws IOException as above
   */
  public void collect(Chunk data, InetSocketAddress to) throws IOException {
    collect(data.segment(), Objects.requireNonNull(to, "to"));
  }

  private void collect(MemorySegment data, @Nullable InetSocketAddress to) throws IOException {
    Fiber fiber = enter();
    if (data.byteSize() > NativeBlocks.LARGE_BYTES) {
      throw new IllegalArgumentException("no datagram has " + data.byteSize() + " bytes");
    }
    int length = (int) data.byteSize();
    if (!sender.hasRoom(length)) {
      sender.flush(fiber);
    }
    sender.collect(data, 0, length, to);
  }

  /**
   * Sends what was collected. A checkpoint.
   *
   * @throws IOException if the socket is closed, or the system refuses a datagram, as {@link
   *     #send(ByteBuffer, InetSocketAddress)} says; that one is dropped, and those behind it stay
   *     collected. {@link io.triad.PartialResult} has the number of bytes that were sent before
   * @throws io.triad.BusyResourceException if another task is in this method
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; what was not sent stays
   *     collected
   */
  public void flush() throws IOException {
    sender.flush(enter());
  }

  /**
   * Returns how many datagrams are collected.
   *
   * @return 0 or more
   */
  public int collected() {
    return sender.collected();
  }

  /**
   * Sends datagrams to one address, as many as possible by one system call; see {@link #collect} and
   * {@link #flush}.
   *
   * @param datagrams the datagrams; positions do not move
   * @param to where to; must be resolved
   * @throws IOException as above
   */
  public void sendAll(List<ByteBuffer> datagrams, InetSocketAddress to) throws IOException {
    for (ByteBuffer datagram : datagrams) {
      collect(datagram, to);
    }
    flush();
  }

  // ---- the rest ----

  /**
   * Returns the socket under this one, for its options.
   *
   * @return the socket, owned by this object
   */
  public Socket socket() {
    return socket;
  }

  /**
   * Returns the address of this end.
   *
   * @return the address and port
   * @throws IOException if the socket is closed
   */
  public InetSocketAddress localAddress() throws IOException {
    enter();
    return DescriptorCalls.address(loop, descriptor, false);
  }

  /**
   * Returns whom it is connected to.
   *
   * @return the address and port
   * @throws IOException if the socket is closed, or not connected
   */
  public InetSocketAddress peerAddress() throws IOException {
    enter();
    return DescriptorCalls.address(loop, descriptor, true);
  }

  /** Closes the socket. What was collected and not flushed is dropped, as is what was not received. */
  @Override
  public void close() throws IOException {
    Fiber fiber = loop.requireOwnFiber();
    if (closed) {
      fiber.checkpoint();
      return;
    }
    ACCESS.release(socket);
    closing();
    Lowlevel.notifyClosing(descriptor);
    int result = Closing.close(fiber, descriptor, receiver.waiting());
    Errors.checkClose(loop.platform(), result);
    fiber.raiseIfCancelled();
  }

  private void closing() {
    closed = true;
    sender.discard();
    receiver.discard();
  }

  static ClosedResourceException alreadyClosed() {
    return new ClosedResourceException("this socket was already closed");
  }

  @Override
  public String toString() {
    return "UdpSocket, " + (closed ? "closed" : "descriptor " + descriptor);
  }
}
