package io.triad.net;

import io.triad.descriptor.DescriptorCalls;
import io.triad.descriptor.DetachedClose;
import io.triad.descriptor.SocketAccess;
import io.triad.engine.Platform;
import io.triad.engine.SocketOption;
import io.triad.loop.Loop;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import org.jspecify.annotations.Nullable;

/** What stands behind a {@code java.net.ServerSocket}: a {@link SocketListener}. */
final class ServerConnection extends RunSocket {
  private static final SocketAccess ACCESS = SocketAccess.get();
  private static final InetAddress ANY_IPV6 = InetAddress.ofLiteral("::");

  private @Nullable SocketListener listener;

  @Override
  void prepare(Platform platform, int fresh) {
    platform.setOption(fresh, SocketOption.REUSE_ADDRESS, 1);
  }

  @Override
  protected void bind(InetAddress host, int wantedPort) throws IOException {
    Loop loop = enter().loop();
    if (!host.isAnyLocalAddress() || !openForBothFamilies(loop)) {
      openFor(loop, host);
      bindTo(loop, new InetSocketAddress(host, wantedPort));
    } else {
      bindTo(loop, new InetSocketAddress(ANY_IPV6, wantedPort));
    }
    address = host;
  }

  /** One socket for IPv6 and IPv4, as the JDK has it (ipv6(7)); false where there is none. */
  private boolean openForBothFamilies(Loop loop) throws IOException {
    try {
      open(loop, true);
    } catch (SocketException e) {
      return false; // this system has no IPv6
    }
    return loop.platform().setOption(descriptor(), SocketOption.IPV6_ONLY, 0) >= 0;
  }

  @Override
  protected void listen(int backlog) throws IOException {
    Loop loop = enter().loop();
    Platform platform = loop.platform();
    try {
      DescriptorCalls.check(
          platform, platform.listen(descriptor(), Math.min(backlog, Net.MAX_BACKLOG)), "listen");
      listener =
          new SocketListener(
              ACCESS.adopt(loop, descriptor(), family(loop), platform.streamType(), 0));
    } catch (IOException e) {
      throw SocketErrors.of(e, SocketErrors.Attempt.BIND);
    }
  }

  @Override
  protected void accept(SocketImpl target) throws IOException {
    Loop loop = enter().loop();
    SocketListener from = listener;
    if (from == null) {
      throw new SocketException("Socket is not bound yet");
    }
    SocketStream[] accepted = new SocketStream[1];
    try {
      ClientConnection.within(
          timeoutMillis(), "Accept timed out", () -> accepted[0] = from.accept());
    } catch (IOException e) {
      checkOpen();
      throw SocketErrors.of(e, SocketErrors.Attempt.OTHER);
    }
    ClientConnection connection = (ClientConnection) target;
    connection.belongTo(loop);
    connection.adopt(loop, accepted[0], accepted[0].peerAddress());
  }

  // ---- closing ----

  @Override
  void closeAndWait(Loop loop) throws IOException {
    SocketListener listening = listener;
    if (listening == null) {
      closeAtOnce(loop);
    } else {
      lendDescriptor(NONE);
      listening.close();
    }
  }

  @Override
  void closeAtOnce(Loop loop) {
    SocketListener listening = listener;
    int number = takeDescriptor();
    if (listening != null) {
      listening.closeDetached();
    } else if (number != NONE) {
      DetachedClose.closeQuietly(loop, number);
    }
  }

  // ---- what a server socket has not ----

  private static SocketException notConnected() {
    return new SocketException("a server socket is not connected to anybody");
  }

  @Override
  protected void connect(String host, int remotePort) throws IOException {
    throw notConnected();
  }

  @Override
  protected void connect(InetAddress remote, int remotePort) throws IOException {
    throw notConnected();
  }

  @Override
  protected void connect(SocketAddress remote, int timeout) throws IOException {
    throw notConnected();
  }

  @Override
  protected InputStream getInputStream() throws IOException {
    throw notConnected();
  }

  @Override
  protected OutputStream getOutputStream() throws IOException {
    throw notConnected();
  }

  @Override
  protected int available() throws IOException {
    throw notConnected();
  }
}
