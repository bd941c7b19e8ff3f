package io.triad.net;

import io.triad.descriptor.DescriptorCalls;
import io.triad.engine.NativeBlocks;
import io.triad.engine.Platform;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOptions;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind a {@code java.net.Socket} or {@code ServerSocket} of Triad, as far as both are
 * alike. In which order methods may be called is the concern of those classes of the JDK.
 *
 * <p>The family of addresses is known only when an address is. Until then there is an IPv4 socket, for
 * the options; if that was the wrong guess, another one takes its place and its options.
 *
 * <p>Only {@link #close} comes from any thread: it hands itself to the loop.
 */
abstract class RunSocket extends SocketImpl {
  static final int NONE = -1;

  private final AtomicBoolean closed = new AtomicBoolean();

  /** Null until the first use; from then on the socket belongs to this run. */
  private volatile @Nullable Loop loop;

  private volatile int timeoutMillis;
  private volatile @Nullable InetAddress localAddress;
  private @Nullable SocketSettings settings;
  private int descriptor = NONE;
  private boolean ipv6;

  // ---- whose it is ----

  /** The caller, which must be a task. */
  private static Fiber requireFiber() throws SocketException {
    Fiber fiber = Loop.currentFiber();
    if (fiber == null) {
      throw new SocketException(
          "sockets of Triad are used by tasks of a run: inside Triad.run, on the thread of a task");
    }
    return fiber;
  }

  /** The caller, which must be a task of the socket's run; and the socket must be open. */
  final Fiber enter() throws SocketException {
    Loop mine = loop;
    checkOpen();
    Fiber fiber = requireFiber();
    if (mine != null && fiber.loop() != mine) {
      throw new SocketException(
          "this socket belongs to another run, and only its tasks can use it");
    }
    return fiber;
  }

  final void checkOpen() throws SocketException {
    if (isClosed()) {
      throw SocketErrors.closed();
    }
  }

  final boolean isClosed() {
    return closed.get();
  }

  /** Makes it a socket of a run. */
  final SocketSettings belongTo(Loop mine) {
    SocketSettings made = new SocketSettings(mine);
    settings = made;
    loop = mine;
    OpenConnections.of(mine).add(this);
    return made;
  }

  final SocketSettings settings() {
    return Objects.requireNonNull(settings);
  }

  // ---- the descriptor ----

  @Override
  protected void create(boolean ofStreams) throws IOException {
    if (!ofStreams) {
      throw new IOException("there are only sockets of streams");
    }
    Loop mine = enter().loop();
    belongTo(mine);
    open(mine, false);
  }

  /** Another descriptor, with the same options. */
  final void open(Loop mine, boolean forIpv6) throws IOException {
    Platform platform = mine.platform();
    int opened;
    try {
      opened = DescriptorCalls.check(platform, platform.openStreamSocket(forIpv6), "socket");
    } catch (IOException e) {
      throw SocketErrors.of(e, SocketErrors.Attempt.OTHER);
    }
    try {
      prepare(platform, opened);
      settings().applyAll(opened);
    } catch (Throwable e) {
      platform.close(opened);
      throw e;
    }
    if (descriptor != NONE) {
      platform.close(descriptor); // nothing is in flight on it
    }
    descriptor = opened;
    ipv6 = forIpv6;
  }

  /** Sets what a new descriptor of this kind has set from the start. */
  abstract void prepare(Platform platform, int fresh);

  /** Sees to it that the descriptor is one for this family of addresses. */
  final void openFor(Loop mine, InetAddress address) throws IOException {
    boolean wanted = address instanceof Inet6Address;
    if (descriptor == NONE || wanted != ipv6) {
      open(mine, wanted);
    }
  }

  final int descriptor() {
    return descriptor;
  }

  /** Takes the descriptor out; -1 if there is none. */
  final int takeDescriptor() {
    int taken = descriptor;
    descriptor = NONE;
    return taken;
  }

  /** Sets the descriptor for the options, when another object owns it. */
  final void lendDescriptor(int number) {
    descriptor = number;
  }

  final void bindTo(Loop mine, InetSocketAddress wanted) throws IOException {
    Platform platform = mine.platform();
    NativeBlocks.Block block = mine.blocks().take();
    try {
      int length = platform.encode(wanted, block.memory());
      DescriptorCalls.check(
          platform, platform.bind(descriptor, block.memory(), length), "bind to " + wanted);
    } catch (IOException e) {
      throw SocketErrors.of(e, SocketErrors.Attempt.BIND);
    } finally {
      mine.blocks().give(block);
    }
    noteLocalAddress(DescriptorCalls.address(mine, descriptor, false));
  }

  /** The family of the descriptor's addresses, as the system numbers it. */
  final int family(Loop mine) throws IOException {
    NativeBlocks.Block block = mine.blocks().take();
    try {
      Platform platform = mine.platform();
      DescriptorCalls.check(
          platform, platform.readAddress(descriptor, false, block.memory()), "getsockname");
      return platform.family(block.memory());
    } finally {
      mine.blocks().give(block);
    }
  }

  final void noteLocalAddress(InetSocketAddress own) {
    localAddress = own.getAddress();
    localport = own.getPort();
  }

  // ---- closing ----

  @Override
  protected void close() throws IOException {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    Loop mine = loop;
    if (mine == null) {
      return;
    }
    Fiber fiber = Loop.currentFiber();
    if (fiber != null && fiber.loop() == mine) {
      OpenConnections.of(mine).remove(this);
      try {
        closeAndWait(mine);
      } catch (IOException e) {
        throw SocketErrors.of(e, SocketErrors.Attempt.OTHER);
      }
    } else {
      // If the run takes no messages any more, it has closed everything, or does so now.
      mine.offer(() -> closeOnLoop(mine));
    }
  }

  /** Closes it on the loop's thread, in a task or not, and waits for nothing. */
  final void closeOnLoop(Loop mine) {
    closed.set(true);
    OpenConnections.of(mine).remove(this);
    closeAtOnce(mine);
  }

  /** Closes what is there; a checkpoint. */
  abstract void closeAndWait(Loop mine) throws IOException;

  /** Closes what is there and wakes who waits; not in a task. */
  abstract void closeAtOnce(Loop mine);

  // ---- options ----

  @Override
  public void setOption(int option, Object value) throws SocketException {
    if (option == SocketOptions.SO_TIMEOUT) {
      timeoutMillis = (Integer) value;
      return;
    }
    enter();
    settings().set(descriptor, option, value);
  }

  @Override
  public Object getOption(int option) throws SocketException {
    if (option == SocketOptions.SO_TIMEOUT) {
      return timeoutMillis;
    }
    if (option == SocketOptions.SO_BINDADDR) {
      InetAddress own = localAddress;
      if (own == null) {
        throw new SocketException("the socket is not bound");
      }
      return own;
    }
    enter();
    return settings().get(descriptor, option);
  }

  @Override
  protected <T> void setOption(java.net.SocketOption<T> option, T value) throws IOException {
    setOption(SocketSettings.numberOf(option), Objects.requireNonNull(value, "value"));
  }

  @Override
  @SuppressWarnings("unchecked") // as many types as numbers, and the settings know them
  protected <T> T getOption(java.net.SocketOption<T> option) throws IOException {
    Object value = getOption(SocketSettings.numberOf(option));
    boolean lingersNot = value.equals(false) && option.type() == Integer.class;
    return (T) (lingersNot ? (Object) Integer.valueOf(-1) : value);
  }

  @Override
  protected Set<java.net.SocketOption<?>> supportedOptions() {
    return SocketSettings.SUPPORTED;
  }

  /** How long a read or accept may wait, in milliseconds; 0 for ever. */
  final int timeoutMillis() {
    return timeoutMillis;
  }

  // ---- what there is not ----

  @Override
  protected boolean supportsUrgentData() {
    return false;
  }

  @Override
  protected void sendUrgentData(int data) throws IOException {
    throw new SocketException("Urgent data not supported");
  }
}
