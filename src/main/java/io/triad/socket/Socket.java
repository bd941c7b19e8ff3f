package io.triad.socket;

import io.triad.OsException;
import io.triad.descriptor.DetachedClose;
import io.triad.descriptor.SocketAccess;
import io.triad.engine.Operation;
import io.triad.engine.SocketOption;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.lowlevel.Lowlevel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A socket of the system. Made by {@link Sockets}.
 *
 * <p>Methods that may wait are checkpoints: they make their system call at once, and if it would have to
 * wait, they wait until the socket is ready and make it again. One that is cancelled has moved nothing
 * (SOCK-47). What a socket cannot do is an {@link OsException} with the system's error, also if the
 * reason is that the socket is closed: EBADF (SOCK-38). Only tasks that wait when it is closed get a
 * {@link io.triad.ClosedResourceException}, and a task that would have to wait where another one
 * already waits gets a {@link io.triad.BusyResourceException} (SOCK-50).
 *
 * <p>Flags are the system's MSG_…, by {@link Sockets#constant}. Data in native memory (direct buffers,
 * native segments) is used in place; a stream moves up to 64 KiB a call to or from the heap. Buffers
 * move their position over what was sent or received.
 *
 * <p>Addresses are {@link java.net.InetSocketAddress}, whose host is looked up if it is a name that is
 * not resolved; {@link java.net.UnixDomainSocketAddress}; {@link AbstractUnixAddress}; and {@link
 * RawSocketAddress} for families that have no class.
 *
 * <p>A socket belongs to the run in which it was opened and is used by its tasks only.
 */
public final class Socket implements AutoCloseable {
  static {
    SocketAccess.set(new Access());
  }

  private static final int MAX_DEFAULT_BACKLOG = 128;

  final SocketRun run;
  private final int family;
  private final int type;
  private final int protocol;
  private final Defaults defaults;
  private int descriptor;
  private SocketAccess.@Nullable Owner owner;
  private boolean didShutdownWrite;
  private boolean refusesNames;

  /** As it was set last by us; worth nothing if others have the same file. */
  private boolean nonBlocking;

  /** Whether somebody else may change the mode: it belongs to the file, not to the descriptor. */
  private boolean shared;

  Socket(SocketRun run, int descriptor, int family, int type, int protocol, Defaults defaults) {
    this.run = run;
    this.descriptor = descriptor;
    this.family = family;
    this.type = type;
    this.protocol = protocol;
    this.defaults = defaults;
    nonBlocking = run.loop.engine().wantsNonBlocking();
  }

  Fiber fiber() {
    return run.loop.requireOwnFiber();
  }

  Socket markShared() {
    shared = true;
    return this;
  }

  // ---- what it is ----

  /**
   * Returns the number of the descriptor.
   *
   * @return the number; -1 if the socket is closed or detached
   */
  public int fileno() {
    return descriptor;
  }

  /**
   * Returns the family of addresses.
   *
   * @return AF_INET and so on, as this system numbers them
   */
  public int family() {
    return family;
  }

  /**
   * Returns the kind of socket.
   *
   * @return SOCK_STREAM and so on, as this system numbers them
   */
  public int type() {
    return type;
  }

  /**
   * Returns the protocol.
   *
   * @return its number; 0 if the family and the kind say it all
   */
  public int proto() {
    return protocol;
  }

  /**
   * Returns the address of this end; getsockname(2).
   *
   * @return the address; for a Unix socket without a name, one with an empty path
   * @throws OsException what the system says
   */
  public SocketAddress getsockname() throws OsException {
    return Endpoints.address(this, false);
  }

  /**
   * Returns the address of the other end; getpeername(2).
   *
   * @return the address; for a Unix socket without a name, one with an empty path
   * @throws OsException with ENOTCONN if there is none, or another error of the system
   */
  public SocketAddress getpeername() throws OsException {
    return Endpoints.address(this, true);
  }

  // ---- binding and connecting ----

  /**
   * Gives the socket an address of this machine; bind(2). A checkpoint. The path of a Unix socket is
   * made on a worker thread, because a file system may take its time (SOCK-62).
   *
   * @param address the address; port 0 lets the system choose
   * @throws OsException if the system refuses it: EADDRINUSE, EACCES and so on
   * @throws IOException if the host is unknown
   * @throws IllegalArgumentException if it is an address of another family
   * @throws io.triad.Cancelled if a scope around the caller is cancelled
   */
  public void bind(SocketAddress address) throws IOException {
    Fiber fiber = fiber();
    fiber.checkpointIfCancelled();
    Endpoints.bind(fiber, this, resolve(fiber, address, true));
  }

  /**
   * Gives the socket an address without a look-up and without a checkpoint, as Trio did at first.
   *
   * @param address an address in numbers
   * @throws OsException if the system refuses it
   * @throws IOException if the numbers are those of another family
   * @throws IllegalArgumentException if it is an address of another family, or its host a name
   */
  public void bindNow(SocketAddress address) throws IOException {
    Fiber fiber = fiber();
    Endpoints.bindHere(
        this,
        Resolving.requireNumeric(fiber, family, type, protocol, this::isV6only, address, true));
  }

  /**
   * Lets the socket take connections, of which 128, or the system's SOMAXCONN if that is less, may
   * wait to be accepted; listen(2).
   *
   * @throws OsException what the system says
   */
  public void listen() throws OsException {
    listen(Math.min(run.find("SOMAXCONN").orElse(MAX_DEFAULT_BACKLOG), MAX_DEFAULT_BACKLOG));
  }

  /**
   * Lets the socket take connections; listen(2).
   *
   * @param backlog how many connections may wait to be accepted; the system has a limit of its own
   * @throws OsException what the system says
   */
  public void listen(int backlog) throws OsException {
    fiber();
    Attempts.check(this, run.platform.listen(descriptor, backlog), "listen");
  }

  /**
   * Takes a connection; accept(2).
   *
   * @return the connection and who it is with
   * @throws IOException as the class says; OsException also for a connection that came to nothing
   *     (ECONNABORTED and so on), after which the next may be taken
   * @throws io.triad.Cancelled if a scope around the caller is cancelled
   */
  public Accepted accept() throws IOException {
    return Endpoints.accept(fiber(), this);
  }

  /**
   * Connects to an address; connect(2). A Unix socket whose peer cannot take more connections at the
   * moment tries again and again.
   *
   * @param address where to
   * @throws OsException if there is nobody, or no way there. The socket stays open; whether it can be
   *     connected anew depends on the system
   * @throws IOException if the host is unknown
   * @throws IllegalArgumentException if it is an address of another family
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; the socket is closed then,
   *     whenever that was (SOCK-64)
   */
  public void connect(SocketAddress address) throws IOException {
    Connecting.connect(fiber(), this, address);
  }

  /**
   * Makes an address one that this socket can bind to, a name being looked up. A checkpoint (SOCK-30).
   *
   * @param address what {@link #bind} takes
   * @return the address in numbers, as {@link #bind} uses it
   * @throws IOException if the host is unknown
   * @throws IllegalArgumentException if it is an address of another family
   */
  public SocketAddress resolveLocalAddress(SocketAddress address) throws IOException {
    return Resolving.resolveWithCheckpoint(
        fiber(), family, type, protocol, this::isV6only, address, true);
  }

  /**
   * Makes an address one that this socket can connect or send to, a name being looked up. A checkpoint
   * (SOCK-30).
   *
   * @param address what {@link #connect} takes
   * @return the address in numbers, as {@link #connect} uses it
   * @throws IOException if the host is unknown
   * @throws IllegalArgumentException if it is an address of another family
   */
  public SocketAddress resolveRemoteAddress(SocketAddress address) throws IOException {
    return Resolving.resolveWithCheckpoint(
        fiber(), family, type, protocol, this::isV6only, address, false);
  }

  /**
   * Says whether bind, connect and the sends refuse names, with an {@link IllegalArgumentException}, as
   * Trio did at first (SOCK-29), instead of looking them up.
   *
   * @param refuse whether only addresses in numbers are taken
   */
  public void refuseNames(boolean refuse) {
    refusesNames = refuse;
  }

  SocketAddress resolve(Fiber fiber, SocketAddress address, boolean local) throws IOException {
    return refusesNames
        ? Resolving.requireNumeric(fiber, family, type, protocol, this::isV6only, address, local)
        : Resolving.resolve(fiber, family, type, protocol, this::isV6only, address, local);
  }

  private boolean isV6only() {
    return run.platform.getOption(descriptor, SocketOption.IPV6_ONLY) == 1;
  }

  // ---- sending ----

  /**
   * Sends bytes, on a stream perhaps only the first of them; send(2).
   *
   * @param data the bytes
   * @return how many the system accepted
   * @throws IOException as the class says
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; nothing was sent
   */
  public int send(byte[] data) throws IOException {
    return send(data, 0);
  }

  /**
   * Sends bytes; see {@link #send(byte[])}.
   *
   * @param data the bytes
   * @param flags MSG_MORE and so on
   * @return how many the system accepted
   * @throws IOException as the class says
   */
  public int send(byte[] data, int flags) throws IOException {
    return send(MemorySegment.ofArray(data), flags);
  }

  /**
   * Sends the rest of a buffer; see {@link #send(byte[])}.
   *
   * @param data the bytes; the position is moved over those that were accepted
   * @return how many the system accepted
   * @throws IOException as the class says
   */
  public int send(ByteBuffer data) throws IOException {
    return send(data, 0);
  }

  /**
   * Sends the rest of a buffer; see {@link #send(byte[])}.
   *
   * @param data the bytes; the position is moved over those that were accepted
   * @param flags MSG_MORE and so on
   * @return how many the system accepted
   * @throws IOException as the class says
   */
  public int send(ByteBuffer data, int flags) throws IOException {
    return Buffers.advance(data, send(MemorySegment.ofBuffer(data), flags));
  }

  /**
   * Sends memory; see {@link #send(byte[])}.
   *
   * @param data the bytes
   * @return how many the system accepted
   * @throws IOException as the class says
   */
  public int send(MemorySegment data) throws IOException {
    return send(data, 0);
  }

  /**
   * Sends memory; see {@link #send(byte[])}.
   *
   * @param data the bytes
   * @param flags MSG_MORE and so on
   * @return how many the system accepted
   * @throws IOException as the class says
   */
  public int send(MemorySegment data, int flags) throws IOException {
    return ByteTransfer.send(fiber(), this, data, flags);
  }

  /**
   * Sends bytes until the system has accepted them all (SOCK-69).
   *
   * @param data the bytes
   * @throws IOException as the class says; {@link io.triad.PartialResult} says of whatever is thrown,
   *     a cancellation included, how many bytes had been accepted (SOCK-70)
   */
  public void sendAll(byte[] data) throws IOException {
    sendAll(data, 0);
  }

  /**
   * Sends bytes until the system has accepted them all; see {@link #sendAll(byte[])}.
   *
   * @param data the bytes
   * @param flags MSG_MORE and so on
   * @throws IOException as the class says
   */
  public void sendAll(byte[] data, int flags) throws IOException {
    sendAll(MemorySegment.ofArray(data), flags);
  }

  /**
   * Sends the rest of a buffer; see {@link #sendAll(byte[])}.
   *
   * @param data the bytes; the position is moved over those that were accepted, also if it fails
   * @throws IOException as the class says
   */
  public void sendAll(ByteBuffer data) throws IOException {
    sendAll(data, 0);
  }

  /**
   * Sends the rest of a buffer; see {@link #sendAll(byte[])}.
   *
   * @param data the bytes; the position is moved over those that were accepted, also if it fails
   * @param flags MSG_MORE and so on
   * @throws IOException as the class says
   */
  public void sendAll(ByteBuffer data, int flags) throws IOException {
    Buffers.advanceWhole(data, () -> sendAll(MemorySegment.ofBuffer(data), flags));
  }

  /**
   * Sends memory; see {@link #sendAll(byte[])}.
   *
   * @param data the bytes
   * @throws IOException as the class says
   */
  public void sendAll(MemorySegment data) throws IOException {
    sendAll(data, 0);
  }

  /**
   * Sends memory; see {@link #sendAll(byte[])}.
   *
   * @param data the bytes
   * @param flags MSG_MORE and so on
   * @throws IOException as the class says
   */
  public void sendAll(MemorySegment data, int flags) throws IOException {
    ByteTransfer.sendAll(fiber(), this, data, flags);
  }

  /**
   * Sends a datagram to an address; sendto(2).
   *
   * @param data the bytes
   * @param address where to; a name is looked up
   * @return how many bytes the system accepted
   * @throws IOException as the class says, or if the host is unknown
   * @throws IllegalArgumentException if it is an address of another family
   */
  public int sendTo(byte[] data, SocketAddress address) throws IOException {
    return sendTo(data, 0, address);
  }

  /**
   * Sends a datagram to an address; see {@link #sendTo(byte[], SocketAddress)}.
   *
   * @param data the bytes
   * @param flags MSG_MORE, which has the next send go on with the same datagram, and so on
   * @param address where to
   * @return how many bytes the system accepted
   * @throws IOException as the class says, or if the host is unknown
   */
  public int sendTo(byte[] data, int flags, SocketAddress address) throws IOException {
    return sendTo(MemorySegment.ofArray(data), flags, address);
  }

  /**
   * Sends the rest of a buffer to an address; see {@link #sendTo(byte[], SocketAddress)}.
   *
   * @param data the bytes; the position is moved over those that were accepted
   * @param flags MSG_MORE and so on
   * @param address where to
   * @return how many bytes the system accepted
   * @throws IOException as the class says, or if the host is unknown
   */
  public int sendTo(ByteBuffer data, int flags, SocketAddress address) throws IOException {
    return Buffers.advance(data, sendTo(MemorySegment.ofBuffer(data), flags, address));
  }

  /**
   * Sends memory to an address; see {@link #sendTo(byte[], SocketAddress)}.
   *
   * @param data the bytes
   * @param flags MSG_MORE and so on
   * @param address where to
   * @return how many bytes the system accepted
   * @throws IOException as the class says, or if the host is unknown
   */
  public int sendTo(MemorySegment data, int flags, SocketAddress address) throws IOException {
    return sendSegments(List.of(data), List.of(), flags, address, "sendto");
  }

  /**
   * Sends buffers one after the other as one message, on a stream perhaps only the first bytes;
   * sendmsg(2).
   *
   * @param data the bytes; positions are moved over those that were accepted
   * @return how many bytes the system accepted
   * @throws IOException as the class says
   */
  public int sendMsg(List<ByteBuffer> data) throws IOException {
    return sendMsg(data, List.of(), 0, null);
  }

  /**
   * Sends buffers one after the other as one message, with control messages beside it; sendmsg(2).
   *
   * @param data the bytes; positions are moved over those that were accepted
   * @param controls what goes beside them
   * @param flags MSG_MORE and so on
   * @param address where to; null for where it is connected to
   * @return how many bytes the system accepted
   * @throws IOException as the class says, or if the host is unknown
   * @throws IllegalArgumentException if it is an address of another family, or if a datagram has more
   *     than 1024 buffers
   */
  public int sendMsg(
      List<ByteBuffer> data,
      List<ControlMessage> controls,
      int flags,
      @Nullable SocketAddress address)
      throws IOException {
    return Buffers.advance(
        data, sendSegments(Buffers.segments(data), controls, flags, address, "sendmsg"));
  }

  private int sendSegments(
      List<MemorySegment> data,
      List<ControlMessage> controls,
      int flags,
      @Nullable SocketAddress address,
      String call)
      throws IOException {
    Fiber fiber = fiber();
    SocketAddress resolved = address == null ? null : resolve(fiber, address, false);
    return MessageTransfer.send(fiber, this, data, controls, flags, resolved, call);
  }

  // ---- receiving ----

  /**
   * Receives bytes; recv(2).
   *
   * @param max how many at most; of a datagram that is longer the rest is lost (SOCK-59)
   * @return the bytes; empty at the end of the connection, and for a datagram without any
   * @throws IOException as the class says
   * @throws IllegalArgumentException if {@code max} is negative
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; nothing was received
   */
  public byte[] recv(int max) throws IOException {
    return recv(max, 0);
  }

  /**
   * Receives bytes; see {@link #recv(int)}.
   *
   * @param max how many at most
   * @param flags MSG_PEEK and so on
   * @return the bytes
   * @throws IOException as the class says
   */
  public byte[] recv(int max, int flags) throws IOException {
    return ByteTransfer.receive(fiber(), this, max, flags);
  }

  /**
   * Receives bytes into a buffer; see {@link #recv(int)}.
   *
   * @param into where to, from its position on, which is moved over them (SOCK-52)
   * @return how many came; 0 at the end of the connection, and for a datagram without any
   * @throws IOException as the class says
   * @throws IllegalArgumentException if it is read-only
   */
  public int recvInto(ByteBuffer into) throws IOException {
    return recvInto(into, 0);
  }

  /**
   * Receives bytes into a buffer; see {@link #recvInto(ByteBuffer)}.
   *
   * @param into where to, from its position on, which is moved over them
   * @param flags MSG_PEEK and so on
   * @return how many came
   * @throws IOException as the class says
   */
  public int recvInto(ByteBuffer into, int flags) throws IOException {
    return Buffers.advance(into, recvInto(MemorySegment.ofBuffer(into), flags));
  }

  /**
   * Receives bytes into memory; see {@link #recvInto(ByteBuffer)}.
   *
   * @param into where to, from its beginning on
   * @return how many came
   * @throws IOException as the class says
   */
  public int recvInto(MemorySegment into) throws IOException {
    return recvInto(into, 0);
  }

  /**
   * Receives bytes into memory; see {@link #recvInto(ByteBuffer)}.
   *
   * @param into where to, from its beginning on
   * @param flags MSG_PEEK and so on; with MSG_TRUNC the result is the length of the whole datagram,
   *     also where it is longer than the memory
   * @return how many came
   * @throws IOException as the class says
   */
  public int recvInto(MemorySegment into, int flags) throws IOException {
    return ByteTransfer.receive(fiber(), this, ByteTransfer.requireWritable(into), flags);
  }

  /**
   * Receives bytes and who sent them; recvfrom(2).
   *
   * @param max how many at most; of a datagram that is longer the rest is lost
   * @return the bytes and the sender
   * @throws IOException as the class says
   */
  public ReceivedFrom recvFrom(int max) throws IOException {
    return recvFrom(max, 0);
  }

  /**
   * Receives bytes and who sent them; see {@link #recvFrom(int)}.
   *
   * @param max how many at most
   * @param flags MSG_PEEK and so on
   * @return the bytes and the sender
   * @throws IOException as the class says
   */
  public ReceivedFrom recvFrom(int max, int flags) throws IOException {
    ReceivedMessage message =
        MessageTransfer.receive(fiber(), this, max, 0, flags, "recvfrom");
    return new ReceivedFrom(message.data(), message.address());
  }

  /**
   * Receives bytes into a buffer and says who sent them; recvfrom(2).
   *
   * @param into where to, from its position on, which is moved over them
   * @return how many came, and the sender
   * @throws IOException as the class says
   */
  public ReceivedInto recvFromInto(ByteBuffer into) throws IOException {
    return recvFromInto(into, 0);
  }

  /**
   * Receives bytes into a buffer and says who sent them; see {@link #recvFromInto(ByteBuffer)}.
   *
   * @param into where to, from its position on, which is moved over them
   * @param flags MSG_PEEK and so on
   * @return how many came, and the sender
   * @throws IOException as the class says
   */
  public ReceivedInto recvFromInto(ByteBuffer into, int flags) throws IOException {
    ReceivedInto received = recvFromInto(MemorySegment.ofBuffer(into), flags);
    Buffers.advance(into, received.length());
    return received;
  }

  /**
   * Receives bytes into memory and says who sent them; see {@link #recvFromInto(ByteBuffer)}.
   *
   * @param into where to, from its beginning on
   * @param flags MSG_PEEK and so on
   * @return how many came, and the sender
   * @throws IOException as the class says
   */
  public ReceivedInto recvFromInto(MemorySegment into, int flags) throws IOException {
    List<MemorySegment> segments = List.of(ByteTransfer.requireWritable(into));
    ReceivedMessage message =
        MessageTransfer.receive(fiber(), this, segments, 0, flags, "recvfrom");
    return new ReceivedInto(message.length(), message.address());
  }

  /**
   * Receives bytes and what came beside them; recvmsg(2).
   *
   * @param max how many bytes at most; of a datagram that is longer the rest is lost
   * @param controlBytes the room for what comes beside them, by {@link ControlMessage#space}; 0 for
   *     none
   * @param flags MSG_PEEK and so on
   * @return the message, to be closed for the descriptors it may have brought
   * @throws IOException as the class says
   */
  public ReceivedMessage recvMsg(int max, int controlBytes, int flags) throws IOException {
    return MessageTransfer.receive(fiber(), this, max, controlBytes, flags, "recvmsg");
  }

  /**
   * Receives bytes into buffers, one after the other, and what came beside them; recvmsg(2).
   *
   * @param into where to, from their positions on, which are moved over the bytes
   * @param controlBytes the room for what comes beside them, by {@link ControlMessage#space}; 0 for
   *     none
   * @param flags MSG_PEEK and so on
   * @return the message without the bytes, to be closed for the descriptors it may have brought
   * @throws IOException as the class says
   * @throws IllegalArgumentException if one is read-only, or if there are more than 1024 for a datagram
   */
  public ReceivedMessage recvMsgInto(List<ByteBuffer> into, int controlBytes, int flags)
      throws IOException {
    List<MemorySegment> segments = Buffers.segments(into);
    segments.forEach(ByteTransfer::requireWritable);
    ReceivedMessage message =
        MessageTransfer.receive(fiber(), this, segments, controlBytes, flags, "recvmsg");
    Buffers.advance(into, message.length());
    return message;
  }

  // ---- readiness ----

  /**
   * Returns whether a receive would find something: data, a connection, the end, or an error. Receives
   * nothing and does not wait (SOCK-44).
   *
   * @return whether it would
   * @throws OsException with EBADF if the socket is closed
   */
  public boolean isReadable() throws OsException {
    fiber();
    return Endpoints.isReady(this, Operation.READABLE);
  }

  /**
   * Waits until a receive would find something; see {@link Lowlevel#waitReadable}.
   *
   * @throws IOException as the class says
   */
  public void waitReadable() throws IOException {
    fiber();
    Attempts.await(this, Operation.READABLE);
  }

  /**
   * Waits until a send would be accepted, or a connection is made or refused; see {@link
   * Lowlevel#waitWritable}.
   *
   * @throws IOException as the class says
   */
  public void waitWritable() throws IOException {
    fiber();
    Attempts.await(this, Operation.WRITABLE);
  }

  // ---- options ----

  /**
   * Reads an option; getsockopt(2).
   *
   * @param option one of {@link SocketOptions}, {@link java.net.StandardSocketOptions} or {@code
   *     jdk.net.ExtendedSocketOptions}
   * @param <T> the type of its value
   * @return the value; null for a network interface that the system is to choose
   * @throws OsException what the system says
   * @throws UnsupportedOperationException if this system has no such option
   */
  public <T> T getOption(java.net.SocketOption<T> option) throws OsException {
    fiber();
    return TypedOption.of(option).get(this);
  }

  /**
   * Sets an option; setsockopt(2).
   *
   * @param option one of {@link SocketOptions}, {@link java.net.StandardSocketOptions} or {@code
   *     jdk.net.ExtendedSocketOptions}
   * @param value the value
   * @param <T> the type of its value
   * @return this socket
   * @throws OsException what the system says
   * @throws UnsupportedOperationException if this system has no such option
   */
  public <T> Socket setOption(java.net.SocketOption<T> option, T value) throws OsException {
    fiber();
    TypedOption.of(option).set(this, value);
    return this;
  }

  /**
   * Reads an option that is a number; getsockopt(2).
   *
   * @param level SOL_SOCKET, IPPROTO_TCP and so on, by {@link Sockets#constant}
   * @param name SO_ERROR, TCP_NODELAY and so on
   * @return its value
   * @throws OsException what the system says
   */
  public int getsockopt(int level, int name) throws OsException {
    fiber();
    return RawOptions.get(this, level, name);
  }

  /**
   * Reads an option as the system has it; getsockopt(2).
   *
   * @param level SOL_SOCKET and so on
   * @param name SO_LINGER and so on
   * @param maxBytes the room for its value, 0 to 64 KiB
   * @return as many bytes as the system wrote
   * @throws OsException what the system says
   * @throws IllegalArgumentException if the room is out of range
   */
  public byte[] getsockopt(int level, int name, int maxBytes) throws OsException {
    fiber();
    return RawOptions.get(this, level, name, maxBytes);
  }

  /**
   * Sets an option that is a number; setsockopt(2).
   *
   * @param level SOL_SOCKET, IPPROTO_TCP and so on, by {@link Sockets#constant}
   * @param name SO_KEEPALIVE, TCP_NODELAY and so on
   * @param value its value
   * @throws OsException what the system says
   */
  public void setsockopt(int level, int name, int value) throws OsException {
    fiber();
    RawOptions.set(this, level, name, value);
  }

  /**
   * Sets an option to bytes as the system wants them; setsockopt(2).
   *
   * @param level SOL_SOCKET and so on
   * @param name SO_LINGER and so on
   * @param value its value, at most 64 KiB
   * @throws OsException what the system says
   * @throws IllegalArgumentException if it is too long
   */
  public void setsockopt(int level, int name, byte[] value) throws OsException {
    fiber();
    RawOptions.set(this, level, name, value);
  }

  /**
   * Sets an option to a null pointer and a length; setsockopt(2), which a few options want (SOCK-34).
   *
   * @param level SOL_ALG, for example
   * @param name ALG_SET_AEAD_AUTHSIZE, for example
   * @param length what goes with the pointer
   * @throws OsException what the system says
   */
  public void setsockoptNull(int level, int name, int length) throws OsException {
    fiber();
    RawOptions.setNull(this, level, name, length);
  }

  // ---- multicast ----

  /**
   * Receives what is sent to a group; IP_ADD_MEMBERSHIP and its like, ip(7), ipv6(7), RFC 3678.
   *
   * @param group an address of multicast
   * @param on where to listen for it; null for the interface that the system chooses
   * @throws OsException what the system says
   * @throws IllegalArgumentException if the group is no multicast address
   */
  public void joinGroup(InetAddress group, @Nullable NetworkInterface on) throws OsException {
    fiber();
    Multicast.change(this, "MCAST_JOIN_GROUP", group, on, null);
  }

  /**
   * Receives what one sender sends to a group; RFC 3678.
   *
   * @param group an address of multicast
   * @param on where to listen for it; null for the interface that the system chooses
   * @param source the sender, an address of the same family
   * @throws OsException what the system says
   * @throws IllegalArgumentException if the group is no multicast address, or the source of another
   *     family
   */
  public void joinGroup(InetAddress group, @Nullable NetworkInterface on, InetAddress source)
      throws OsException {
    fiber();
    Multicast.change(this, "MCAST_JOIN_SOURCE_GROUP", group, on, source);
  }

  /**
   * Takes back {@link #joinGroup(InetAddress, NetworkInterface)}.
   *
   * @param group the group
   * @param on the same as before
   * @throws OsException what the system says; EADDRNOTAVAIL if it was not joined
   */
  public void leaveGroup(InetAddress group, @Nullable NetworkInterface on) throws OsException {
    fiber();
    Multicast.change(this, "MCAST_LEAVE_GROUP", group, on, null);
  }

  /**
   * Takes back {@link #joinGroup(InetAddress, NetworkInterface, InetAddress)}.
   *
   * @param group the group
   * @param on the same as before
   * @param source the sender
   * @throws OsException what the system says; EADDRNOTAVAIL if it was not joined
   */
  public void leaveGroup(InetAddress group, @Nullable NetworkInterface on, InetAddress source)
      throws OsException {
    fiber();
    Multicast.change(this, "MCAST_LEAVE_SOURCE_GROUP", group, on, source);
  }

  // ---- the end, and other descriptors ----

  /**
   * Ends one direction of a connection or both; shutdown(2). Does not wait.
   *
   * @param direction which
   * @throws OsException with ENOTCONN if it is not connected, or another error of the system
   */
  public void shutdown(Direction direction) throws OsException {
    fiber();
    int result = run.calls.shutdown(descriptor, run.constant(direction.constant()));
    Attempts.check(this, result, "shutdown");
    didShutdownWrite |= direction.includesWrite();
  }

  /**
   * Returns whether {@link #shutdown} has ended the sending direction. A duplicate knows nothing of it
   * (SOCK-42).
   *
   * @return whether it has
   */
  public boolean didShutdownWrite() {
    return didShutdownWrite;
  }

  /**
   * Makes another socket for the same connection, with a descriptor of its own; dup(2). Either is
   * closed by itself.
   *
   * @return the other socket
   * @throws OsException what the system says
   */
  public Socket dup() throws OsException {
    fiber();
    int duplicate = Attempts.check(this, run.calls.duplicate(descriptor), "dup");
    shared = true;
    Socket socket = new Socket(run, duplicate, family, type, protocol, defaults).markShared();
    Sockets.applyDefaults(socket);
    return socket;
  }

  /**
   * Gives the descriptor away: this socket is closed from now on, and the descriptor is the caller's.
   * Its mode stays as it is (SOCK-39). Who waits on it goes on waiting.
   *
   * @return the number; -1 if the socket was closed before
   */
  public int detach() {
    fiber();
    int number = takeDescriptor();
    SocketAccess.Owner told = owner;
    if (number >= 0 && told != null) {
      told.closing();
    }
    return number;
  }

  /**
   * Returns whether children of this process inherit the descriptor.
   *
   * @return whether they do; not, unless {@link #setInheritable} says so
   * @throws OsException what the system says
   */
  public boolean getInheritable() throws OsException {
    fiber();
    return Attempts.check(this, run.calls.inheritable(descriptor), "fcntl") != 0;
  }

  /**
   * Says whether children of this process inherit the descriptor.
   *
   * @param inheritable whether they do
   * @throws OsException what the system says
   */
  public void setInheritable(boolean inheritable) throws OsException {
    fiber();
    Attempts.check(this, run.calls.setInheritable(descriptor, inheritable), "fcntl");
  }

  /**
   * Makes something of the socket that another process can make a socket of; on Windows.
   *
   * @param processId of that process
   * @return what {@link Sockets#fromShare} takes there
   * @throws UnsupportedOperationException on other systems, where descriptors are passed by {@link
   *     ControlMessage#rights}
   */
  @SuppressWarnings("DoNotCallSuggester") // on another system it does something
  public byte[] share(long processId) {
    throw Sockets.sharingUnsupported();
  }

  /**
   * Closes the socket at once; harmless if it is closed. Tasks that wait on it wake with a {@link
   * io.triad.ClosedResourceException} (SOCK-37).
   *
   * @throws OsException if the system reports an error; the socket is closed all the same
   */
  @Override
  public void close() throws OsException {
    fiber();
    int number = takeDescriptor();
    if (number < 0) {
      return;
    }
    SocketAccess.Owner told = owner;
    if (told != null) {
      told.closing();
    }
    Lowlevel.notifyClosing(number);
    DetachedClose.close(run.loop, number);
  }

  private int takeDescriptor() {
    int number = descriptor;
    descriptor = -1;
    return number;
  }

  // ---- mode ----

  /** For calls that have no MSG_DONTWAIT: accept and connect. */
  int ensureNonBlocking() {
    if (nonBlocking && !shared) {
      return 0;
    }
    int result = run.calls.setNonBlocking(descriptor, true);
    nonBlocking = result >= 0;
    return result;
  }

  /** For whoever hands the descriptor to the engine, which works with either mode. */
  private void settleMode() {
    boolean wanted = run.loop.engine().wantsNonBlocking();
    if (descriptor >= 0 && !shared && nonBlocking != wanted) {
      int result = run.calls.setNonBlocking(descriptor, wanted);
      nonBlocking = result < 0 ? nonBlocking : wanted;
    }
  }

  Defaults defaults() {
    return defaults;
  }

  @Override
  public String toString() {
    return "<io.triad.socket.Socket "
        + (descriptor < 0 ? "closed" : "descriptor=" + descriptor)
        + ", family="
        + family
        + ", type="
        + type
        + ", proto="
        + protocol
        + ">";
  }

  private static final class Access extends SocketAccess {
    @Override
    public Socket adopt(Loop loop, int descriptor, int family, int type, int protocol) {
      return new Socket(SocketRun.of(loop), descriptor, family, type, protocol, Defaults.RAW);
    }

    @Override
    public Loop loop(Socket socket) {
      return socket.run.loop;
    }

    @Override
    public void setOwner(Socket socket, Owner owner) {
      socket.owner = owner;
    }

    @Override
    public void settleMode(Socket socket) {
      socket.settleMode();
    }

    @Override
    public int release(Socket socket) {
      return socket.takeDescriptor();
    }
  }
}
