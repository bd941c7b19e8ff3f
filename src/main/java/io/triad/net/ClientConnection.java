package io.triad.net;

import io.triad.CancelScope;
import io.triad.PartialResult;
import io.triad.descriptor.DescriptorCalls;
import io.triad.descriptor.DetachedClose;
import io.triad.descriptor.Errors;
import io.triad.descriptor.OneShot;
import io.triad.descriptor.SocketAccess;
import io.triad.engine.NativeBlocks;
import io.triad.engine.Operation;
import io.triad.engine.Platform;
import io.triad.engine.SocketOption;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.socket.AddressHints;
import io.triad.socket.AddressInfo;
import io.triad.socket.Names;
import io.triad.socket.SocketType;
import io.triad.sync.StrictFifoLock;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands behind a {@code java.net.Socket}: a {@link SocketStream}, once it is connected. */
final class ClientConnection extends RunSocket {
  private static final SocketAccess ACCESS = SocketAccess.get();
  private static final int SHUT_RD = 0;

  private final StrictFifoLock reading = new StrictFifoLock();
  private final StrictFifoLock writing = new StrictFifoLock();
  private @Nullable OneShot connecting;
  private @Nullable SocketStream stream;
  private boolean bound;
  private volatile boolean inputIsShut;

  @Override
  void prepare(Platform platform, int fresh) {
    platform.setOption(fresh, SocketOption.NO_DELAY, 1);
  }

  @Override
  protected void bind(InetAddress host, int wantedPort) throws IOException {
    Loop loop = enter().loop();
    openFor(loop, host);
    bindTo(loop, new InetSocketAddress(host, wantedPort));
    bound = true;
  }

  // ---- connecting ----

  @Override
  protected void connect(String host, int remotePort) throws IOException {
    connect(InetSocketAddress.createUnresolved(host, remotePort), 0);
  }

  @Override
  protected void connect(InetAddress remote, int remotePort) throws IOException {
    connect(new InetSocketAddress(remote, remotePort), 0);
  }

  @Override
  protected void connect(SocketAddress remote, int timeout) throws IOException {
    Fiber fiber = enter();
    try {
      fiber.checkpointIfCancelled();
      InetSocketAddress to = (InetSocketAddress) remote;
      within(timeout, "Connect timed out", () -> connectToAny(fiber, to));
    } catch (Throwable e) {
      closeQuietly(e);
      throw e;
    }
  }

  private void closeQuietly(Throwable because) {
    try {
      close();
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  private void connectToAny(Fiber fiber, InetSocketAddress remote) throws IOException {
    List<InetSocketAddress> candidates = remote.isUnresolved() ? lookUp(remote) : List.of(remote);
    checkOpen();
    IOException failure = null;
    for (InetSocketAddress candidate : candidates) {
      try {
        connectTo(fiber, candidate);
        return;
      } catch (IOException e) {
        IOException translated = SocketErrors.of(e, SocketErrors.Attempt.CONNECT);
        if (failure == null) {
          failure = translated;
        } else {
          failure.addSuppressed(translated);
        }
        checkOpen();
      }
    }
    throw failure == null ? new SocketException("no address to connect to: " + remote) : failure;
  }

  private static List<InetSocketAddress> lookUp(InetSocketAddress remote) throws IOException {
    AddressHints streams = AddressHints.ANY.type(SocketType.STREAM);
    return Names.getaddrinfo(remote.getHostString(), remote.getPort(), streams).stream()
        .map(AddressInfo::address)
        .toList();
  }

  private void connectTo(Fiber fiber, InetSocketAddress remote) throws IOException {
    Loop loop = fiber.loop();
    Platform platform = loop.platform();
    if (!bound) {
      openFor(loop, remote.getAddress());
    }
    NativeBlocks.Block block = loop.blocks().take();
    try {
      int length = platform.encode(remote, block.memory());
      connect(fiber, block, length, remote);
      int family = platform.family(block.memory());
      adopt(
          loop,
          new SocketStream(
              ACCESS.adopt(loop, takeDescriptor(), family, platform.streamType(), 0), loop),
          remote);
    } finally {
      loop.blocks().give(block);
    }
  }

  private void connect(Fiber fiber, NativeBlocks.Block block, int length, InetSocketAddress remote)
      throws IOException {
    OneShot operation = new OneShot();
    connecting = operation;
    try {
      int result;
      do {
        operation.connect(descriptor(), block.memory().address(), length);
        result = operation.await(fiber);
        checkOpen();
        if (result == Operation.CANCELED) {
          fiber.raiseIfCancelled();
        }
      } while (result == Operation.CANCELED);
      DescriptorCalls.check(fiber.loop().platform(), result, "connect to " + remote);
    } catch (IOException e) {
      renew(fiber.loop());
      throw e;
    } finally {
      connecting = null;
    }
  }

  /** After a failed attempt a socket is in no state that POSIX would define: connect(3p). */
  private void renew(Loop loop) {
    int failed = takeDescriptor();
    if (failed != NONE) {
      loop.platform().close(failed);
    }
    bound = false;
  }

  /** Takes a stream that is connected. */
  void adopt(Loop loop, SocketStream connected, InetSocketAddress remote) throws IOException {
    stream = connected;
    lendDescriptor(connected.socket().fileno());
    address = remote.getAddress();
    port = remote.getPort();
    noteLocalAddress(connected.localAddress());
    settings().applyAll(descriptor());
    if (isClosed()) { // by another thread, whose message came before there was a stream
      closeOnLoop(loop);
      throw SocketErrors.closed();
    }
  }

  // ---- streams ----

  private SocketStream stream() throws SocketException {
    enter();
    SocketStream connected = stream;
    if (connected == null) {
      throw new SocketException("Socket is not connected");
    }
    return connected;
  }

  @Override
  protected InputStream getInputStream() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
      }

      @Override
      public int read(byte[] bytes, int offset, int count) throws IOException {
        return ClientConnection.this.read(ByteBuffer.wrap(bytes, offset, count));
      }

      @Override
      public int available() throws IOException {
        return ClientConnection.this.available();
      }
    };
  }

  @Override
  protected OutputStream getOutputStream() {
    return new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int count) throws IOException {
        ClientConnection.this.write(ByteBuffer.wrap(bytes, offset, count));
      }
    };
  }

  private int read(ByteBuffer into) throws IOException {
    SocketStream from = stream();
    if (!into.hasRemaining()) {
      return 0;
    }
    lock(reading);
    try {
      checkOpen();
      if (inputIsShut) {
        return -1;
      }
      int timeout = timeoutMillis();
      if (timeout == 0) {
        return from.receiveSome(into);
      }
      int before = into.position();
      boolean[] ended = new boolean[1];
      within(timeout, "Read timed out", () -> ended[0] = from.receiveSome(into) < 0);
      return ended[0] ? -1 : into.position() - before;
    } catch (IOException e) {
      checkOpen();
      throw SocketErrors.of(e, SocketErrors.Attempt.OTHER);
    } finally {
      reading.release();
    }
  }

  private void write(ByteBuffer data) throws IOException {
    SocketStream to = stream();
    lock(writing);
    try {
      checkOpen();
      to.sendAll(data);
    } catch (IOException e) {
      if (isClosed()) {
        SocketException exception = SocketErrors.closed();
        PartialResult.of(e).ifPresent(bytes -> PartialResult.attach(exception, bytes));
        throw exception;
      }
      throw SocketErrors.of(e, SocketErrors.Attempt.OTHER);
    } finally {
      writing.release();
    }
  }

  /** Waits its turn, as threads do that use one socket; without anybody there it is no checkpoint. */
  private static void lock(StrictFifoLock lock) {
    if (lock.isLocked()) {
      lock.acquire();
    } else {
      lock.acquireNowait();
    }
  }

  /** Something that may wait. */
  interface Step {
    void run() throws IOException;
  }

  /** Does something for so many milliseconds at most; 0 for as long as it takes. */
  static void within(int timeout, String message, Step step) throws IOException {
    if (timeout == 0) {
      step.run();
      return;
    }
    CancelScope scope = new CancelScope().setTimeout(Duration.ofMillis(timeout));
    scope.enter(_ -> step.run());
    if (scope.cancelledCaught()) {
      throw new SocketTimeoutException(message);
    }
  }

  @Override
  protected int available() throws IOException {
    SocketStream from = stream();
    return inputIsShut ? 0 : from.arrived();
  }

  @Override
  protected void shutdownInput() throws IOException {
    SocketStream from = stream();
    inputIsShut = true;
    Loop loop = enter().loop();
    int result = loop.platform().calls().shutdown(descriptor(), SHUT_RD);
    if (result < 0) {
      passOverIfGone(Errors.of(loop.platform(), result, "shutdown"));
    }
    from.endReceiving();
  }

  @Override
  protected void shutdownOutput() throws IOException {
    SocketStream to = stream();
    lock(writing);
    try {
      to.sendEof();
    } catch (IOException e) {
      passOverIfGone(e);
    } finally {
      writing.release();
    }
  }

  /** Both directions may have ended already, and then the JDK's sockets do not complain either. */
  private static void passOverIfGone(IOException error) throws IOException {
    if (!SocketErrors.symbol(error).equals("ENOTCONN")) {
      throw SocketErrors.of(error, SocketErrors.Attempt.OTHER);
    }
  }

  // ---- closing ----

  @Override
  void closeAndWait(Loop loop) throws IOException {
    SocketStream connected = stream;
    if (connected == null) {
      closeAtOnce(loop);
    } else {
      lendDescriptor(NONE);
      connected.close();
    }
  }

  @Override
  void closeAtOnce(Loop loop) {
    SocketStream connected = stream;
    int number = takeDescriptor();
    if (connected != null) {
      connected.closeDetached();
    } else if (number != NONE) {
      if (connecting != null) {
        loop.engine().cancel(connecting);
      }
      DetachedClose.closeQuietly(loop, number);
    }
  }

  // ---- what a connection has not ----

  private static SocketException noServer() {
    return new SocketException("a connection does not listen");
  }

  @Override
  protected void listen(int backlog) throws IOException {
    throw noServer();
  }

  @Override
  protected void accept(SocketImpl target) throws IOException {
    throw noServer();
  }
}
