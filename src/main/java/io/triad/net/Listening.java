package io.triad.net;

import io.triad.OsException;
import io.triad.engine.NativeBlocks;
import io.triad.engine.Platform;
import io.triad.engine.SocketOption;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opening listening sockets. */
final class Listening {
  private Listening() {}

  static List<SocketListener> open(Fiber fiber, int port, @Nullable String host, int backlog)
      throws IOException {
    InetAddress[] addresses =
        host == null
            ? new InetAddress[] {InetAddress.ofLiteral("0.0.0.0"), InetAddress.ofLiteral("::")}
            : Names.lookUp(host);
    fiber.checkpoint();
    List<SocketListener> listeners = new ArrayList<>();
    List<OsException> unsupported = new ArrayList<>();
    try {
      for (InetAddress address : addresses) {
        int descriptor = openSocket(fiber.loop().platform(), address, unsupported);
        if (descriptor >= 0) {
          listeners.add(
              listen(fiber.loop(), descriptor, new InetSocketAddress(address, port), backlog));
        }
      }
    } catch (Throwable e) {
      Net.closeAll(listeners, e);
      throw e;
    }
    if (listeners.isEmpty()) {
      OsException first = unsupported.getFirst();
      OsException failure =
          new OsException(
              first.errno(),
              first.symbol(),
              "listen",
              "this system supports none of the kinds of socket that the address could use");
      unsupported.forEach(failure::addSuppressed);
      throw failure;
    }
    return listeners;
  }

  /** A socket, or a negative number if the system lacks this family of addresses (NET-46). */
  private static int openSocket(
      Platform platform, InetAddress address, List<OsException> unsupported) throws OsException {
    int descriptor = platform.openStreamSocket(address instanceof Inet6Address);
    if (descriptor < 0) {
      OsException error = Errors.of(platform, descriptor, "socket");
      if (!error.symbol().equals("EAFNOSUPPORT")) {
        throw error;
      }
      unsupported.add(error);
    }
    return descriptor;
  }

  private static SocketListener listen(
      Loop loop, int descriptor, InetSocketAddress address, int backlog) throws OsException {
    Platform platform = loop.platform();
    NativeBlocks.Block block = loop.blocks().take();
    boolean listening = false;
    try {
      String where =
          Connecting.hostAndPort(address.getAddress().getHostAddress(), address.getPort());
      option(platform, descriptor, SocketOption.REUSE_ADDRESS);
      if (address.getAddress() instanceof Inet6Address) {
        option(platform, descriptor, SocketOption.IPV6_ONLY);
      }
      int length = platform.encode(address, block.memory());
      SocketCalls.check(
          platform, platform.bind(descriptor, block.memory(), length), "bind to " + where);
      SocketCalls.check(platform, platform.listen(descriptor, backlog), "listen on " + where);
      listening = true;
      return new SocketListener(loop, descriptor);
    } finally {
      loop.blocks().give(block);
      if (!listening) {
        platform.close(descriptor);
      }
    }
  }

  private static void option(Platform platform, int descriptor, SocketOption option)
      throws OsException {
    SocketCalls.check(platform, platform.setOption(descriptor, option, 1), "setsockopt " + option);
  }
}
