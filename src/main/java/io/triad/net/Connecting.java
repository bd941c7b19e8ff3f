package io.triad.net;

import io.triad.OsException;
import io.triad.descriptor.DescriptorCalls;
import io.triad.descriptor.Errors;
import io.triad.descriptor.OneShot;
import io.triad.engine.NativeBlocks;
import io.triad.engine.Operation;
import io.triad.engine.Platform;
import io.triad.engine.SocketOption;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.socket.AddressHints;
import io.triad.socket.AddressInfo;
import io.triad.socket.GaiException;
import io.triad.socket.Names;
import io.triad.socket.Socket;
import io.triad.socket.Sockets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Connecting to a host by TCP: look it up, race its addresses, make a stream of the winner. */
final class Connecting implements HappyEyeballs.Dialer<Socket> {
  private final @Nullable InetAddress localAddress;

  private Connecting(@Nullable InetAddress localAddress) {
    this.localAddress = localAddress;
  }

  static SocketStream connect(String host, int port, ConnectOptions options) throws IOException {
    Connecting dialer = new Connecting(options.localAddress());
    Socket socket = connect(host, port, options, dialer);
    try {
      return new SocketStream(socket);
    } catch (Throwable e) {
      HappyEyeballs.closeAll(List.of(socket), dialer, e);
      throw e;
    }
  }

  /** The same with a dialer, which tests bring. */
  static <S> S connect(
      String host, int port, ConnectOptions options, HappyEyeballs.Dialer<S> dialer)
      throws IOException {
    int streams = Loop.requireFiber().loop().platform().streamType();
    List<AddressInfo> targets = Names.getaddrinfo(host, port, AddressHints.ANY.type(streams));
    String where = hostAndPort(host, port);
    if (targets.isEmpty()) {
      throw new GaiException(
          Sockets.findConstant("EAI_NODATA").orElse(0),
          "EAI_NODATA",
          "look up " + where,
          "no results found for hostname lookup");
    }
    return new HappyEyeballs<>(dialer, options.delay()).connect(targets, where);
  }

  static String hostAndPort(String host, int port) {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  static String hostAndPort(InetSocketAddress address) {
    return hostAndPort(address.getAddress().getHostAddress(), address.getPort());
  }

  // ---- one attempt ----

  @Override
  public Socket open(AddressInfo target) throws IOException {
    return Sockets.socket(target.family(), target.type(), target.protocol());
  }

  @Override
  public void connect(Socket socket, AddressInfo target) throws IOException {
    Fiber fiber = Loop.requireFiber();
    fiber.checkpointIfCancelled();
    if (localAddress != null) {
      bind(fiber.loop(), socket, localAddress, target.address());
    }
    Platform platform = fiber.loop().platform();
    NativeBlocks.Block block = fiber.loop().blocks().take();
    try {
      int length = platform.encode(target.address(), block.memory());
      OneShot connect = new OneShot();
      int result;
      do {
        connect.connect(socket.fileno(), block.memory().address(), length);
        result = connect.await(fiber);
        if (result == Operation.CANCELED) {
          fiber.raiseIfCancelled();
        }
      } while (result == Operation.CANCELED);
      DescriptorCalls.check(platform, result, "connect to " + hostAndPort(target.address()));
    } finally {
      fiber.loop().blocks().give(block);
    }
  }

  /**
   * Binds to an address and leaves the port to connect(2): chosen here already, it would be taken from
   * all connections of this machine, whatever host they lead to (IP_BIND_ADDRESS_NO_PORT, ip(7)).
   */
  private static void bind(
      Loop loop, Socket socket, InetAddress local, InetSocketAddress remote) throws OsException {
    Platform platform = loop.platform();
    NativeBlocks.Block block = loop.blocks().take();
    try {
      // Where it is missing a port is reserved, which is no error.
      platform.setOption(socket.fileno(), SocketOption.BIND_ADDRESS_NO_PORT, 1);
      int length = platform.encode(new InetSocketAddress(local, 0), block.memory());
      int result = platform.bind(socket.fileno(), block.memory(), length);
      if (result < 0) {
        throw Errors.of(
            platform,
            result,
            "local address "
                + local.getHostAddress()
                + " is incompatible with remote address "
                + hostAndPort(remote));
      }
    } finally {
      loop.blocks().give(block);
    }
  }

  @Override
  public void close(Socket socket) throws IOException {
    socket.close();
  }
}
