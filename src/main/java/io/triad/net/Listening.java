package io.triad.net;

import io.triad.ExceptionGroup;
import io.triad.OsException;
import io.triad.descriptor.DescriptorCalls;
import io.triad.engine.NativeBlocks;
import io.triad.engine.Platform;
import io.triad.engine.SocketOption;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.socket.AddressHints;
import io.triad.socket.AddressInfo;
import io.triad.socket.Names;
import io.triad.socket.Socket;
import io.triad.socket.Sockets;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opening listening sockets. */
final class Listening {
  private Listening() {}

  static List<SocketListener> open(Fiber fiber, int port, @Nullable String host,
      ListenOptions options)
      throws IOException {
    int streams = fiber.loop().platform().streamType();
    AddressHints hints = AddressHints.ANY.type(streams).passive();
    List<SocketListener> listeners = new ArrayList<>();
    List<OsException> unsupported = new ArrayList<>();
    try {
      for (AddressInfo address : Names.getaddrinfo(host, port, hints)) {
        Socket socket = openSocket(address, unsupported);
        if (socket != null) {
          listeners.add(listen(fiber.loop(), socket, address.address(), options));
        }
      }
    } catch (Throwable e) {
      Net.closeAll(listeners, e);
      throw e;
    }
    if (listeners.isEmpty()) {
      throw noneSupported(unsupported);
    }
    return listeners;
  }

  /** A socket; null if the system lacks this family of addresses (NET-46). */
  private static @Nullable Socket openSocket(
      AddressInfo address, List<OsException> unsupported) throws IOException {
    try {
      return Sockets.socket(address.family(), address.type(), address.protocol());
    } catch (OsException e) {
      if (!e.symbol().equals("EAFNOSUPPORT")) {
        throw e;
      }
      unsupported.add(e);
      return null;
    }
  }

  private static IOException noneSupported(List<OsException> errors) {
    String message =
        "this system supports none of the kinds of socket that the address could use";
    if (errors.isEmpty()) {
      return new IOException("no address to listen on"); // by a resolver of the user's own
    }
    OsException first = errors.getFirst();
    OsException failure = new OsException(first.errno(), first.symbol(), "listen", message);
    failure.initCause(new ExceptionGroup(message, errors));
    return failure;
  }

  private static SocketListener listen(
      Loop loop, Socket socket, InetSocketAddress address, ListenOptions options)
      throws IOException {
    Platform platform = loop.platform();
    int descriptor = socket.fileno();
    NativeBlocks.Block block = loop.blocks().take();
    try {
      String where = Connecting.hostAndPort(address);
      option(platform, descriptor, SocketOption.REUSE_ADDRESS);
      if (options.reusePort()) {
        option(platform, descriptor, SocketOption.REUSE_PORT);
      }
      if (address.getAddress() instanceof Inet6Address) {
        option(platform, descriptor, SocketOption.IPV6_ONLY);
      }
      int length = platform.encode(address, block.memory());
      DescriptorCalls.check(
          platform, platform.bind(descriptor, block.memory(), length), "bind to " + where);
      StreamDefaults.set(platform, descriptor);
      int backlog = Math.min(options.backlog(), Net.MAX_BACKLOG);
      DescriptorCalls.check(platform, platform.listen(descriptor, backlog), "listen on " + where);
      return SocketListener.handingDefaultsOn(socket);
    } catch (Throwable e) {
      try {
        socket.close();
      } catch (OsException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    } finally {
      loop.blocks().give(block);
    }
  }

  private static void option(Platform platform, int descriptor, SocketOption option)
      throws OsException {
    DescriptorCalls.check(platform, platform.setOption(descriptor, option, 1),
        "setsockopt " + option);
  }
}
