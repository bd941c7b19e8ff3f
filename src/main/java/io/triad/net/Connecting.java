package io.triad.net;

import io.triad.OsException;
import io.triad.engine.NativeBlocks;
import io.triad.engine.Operation;
import io.triad.engine.Platform;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Connecting to a host. */
final class Connecting {
  private Connecting() {}

  static SocketStream connect(Fiber fiber, String host, int port) throws IOException {
    InetAddress[] addresses = Names.lookUp(host);
    if (addresses.length == 1) {
      return attempt(fiber, new InetSocketAddress(addresses[0], port));
    }
    IOException failure =
        new IOException("all attempts to connect to " + hostAndPort(host, port) + " failed");
    for (InetAddress address : addresses) {
      try {
        return attempt(fiber, new InetSocketAddress(address, port));
      } catch (OsException e) {
        failure.addSuppressed(e);
      }
    }
    throw failure;
  }

  static String hostAndPort(String host, int port) {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  private static SocketStream attempt(Fiber fiber, InetSocketAddress address) throws IOException {
    fiber.checkpointIfCancelled();
    Loop loop = fiber.loop();
    Platform platform = loop.platform();
    String call =
        "connect to " + hostAndPort(address.getAddress().getHostAddress(), address.getPort());
    int descriptor =
        SocketCalls.check(
            platform,
            platform.openStreamSocket(address.getAddress() instanceof Inet6Address),
            "socket");
    boolean connected = false;
    NativeBlocks.Block block = loop.blocks().take();
    try {
      int length = platform.encode(address, block.memory());
      OneShot connect = new OneShot();
      int result;
      do {
        connect.connect(descriptor, block.memory().address(), length);
        result = connect.await(fiber);
        if (result == Operation.CANCELED) {
          fiber.raiseIfCancelled();
        }
      } while (result == Operation.CANCELED);
      SocketCalls.check(platform, result, call);
      SocketStream stream = new SocketStream(loop, descriptor);
      connected = true;
      return stream;
    } finally {
      loop.blocks().give(block);
      if (!connected) {
        platform.close(descriptor);
      }
    }
  }
}
