package io.triad.platform.windows;

import io.triad.engine.NativeAddress;
import io.triad.engine.NonBlockingCalls;
import io.triad.engine.Operation;
import io.triad.engine.SocketOption;
import io.triad.platform.windows.ffi.Windows;
import io.triad.platform.windows.ffi.Winsock;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Two sockets that are connected to each other over the loopback interface. Anybody on this machine
 * might connect to the listener in between; who is not the other end of the pair is turned away.
 */
final class LoopbackPair {
  /** After which the client is asked whether it has failed. */
  private static final int PATIENCE_MILLIS = 10;

  private final WindowsCalls calls;
  private final Winsock winsock;
  private final SocketCalls options;
  private final int family;
  private final int protocol;

  LoopbackPair(
      WindowsCalls calls, Winsock winsock, SocketCalls options, int family, int protocol) {
    this.calls = calls;
    this.winsock = winsock;
    this.options = options;
    this.family = family;
    this.protocol = protocol;
  }

  int open(boolean nonBlocking, int[] into) {
    int listener = calls.socket(family, Windows.SOCK_STREAM(), protocol, true);
    if (listener < 0) {
      return listener;
    }
    try (Arena arena = Arena.ofConfined()) {
      NativeAddress address = new NativeAddress(arena);
      int result = listen(listener, address);
      return result < 0 ? result : connect(listener, address, arena, nonBlocking, into);
    } finally {
      calls.close(listener);
    }
  }

  private int listen(int listener, NativeAddress address) {
    address.setLength(
        SocketAddresses.encode(new InetSocketAddress(loopback(), 0), address.memory()));
    int result = options.setOption(listener, SocketOption.REUSE_ADDRESS, 1);
    if (result >= 0) {
      result = winsock.bind(listener, address.memory(), address.length());
    }
    if (result >= 0) {
      result = winsock.listen(listener, 1);
    }
    if (result >= 0) {
      result = options.readAddress(listener, false, address.memory());
    }
    if (result >= 0) {
      address.setLength(result);
    }
    return result;
  }

  private InetAddress loopback() {
    byte[] bytes = new byte[family == Windows.AF_INET6() ? 16 : 4];
    bytes[bytes.length - 1] = 1;
    if (bytes.length == 4) {
      bytes[0] = 127;
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError(e); // thrown for a wrong length only
    }
  }

  private int connect(
      int listener, NativeAddress address, Arena arena, boolean nonBlocking, int[] into) {
    int client = calls.socket(family, Windows.SOCK_STREAM(), protocol, true);
    if (client < 0) {
      return client;
    }
    int server = calls.connect(client, address);
    if (server == 0 || server == NonBlockingCalls.AGAIN) {
      server = accept(listener, client, arena);
    }
    int result = server;
    if (server >= 0) {
      int first = calls.setNonBlocking(client, nonBlocking);
      result = first < 0 ? first : calls.setNonBlocking(server, nonBlocking);
    }
    if (result < 0) {
      calls.close(client);
      if (server >= 0) {
        calls.close(server);
      }
      return result;
    }
    into[0] = client;
    into[1] = server;
    return 0;
  }

  /** Both ends are in this process, so this waits for the system and for nobody else. */
  private int accept(int listener, int client, Arena arena) {
    NativeAddress ours = new NativeAddress(arena);
    NativeAddress peer = new NativeAddress(arena);
    while (true) {
      int result = calls.accept(listener, true, peer);
      if (result == NonBlockingCalls.AGAIN) {
        int error = options.getOption(client, SocketOption.ERROR);
        if (error != 0) {
          return -Math.abs(error);
        }
        int ready = calls.awaitReady(listener, Operation.READABLE, PATIENCE_MILLIS);
        if (ready < 0) {
          return ready;
        }
        continue;
      }
      if (result < 0) {
        return result;
      }
      ours.setLength(Math.max(0, options.readAddress(client, false, ours.memory())));
      if (Arrays.equals(ours.toArray(), peer.toArray())) {
        return result;
      }
      calls.close(result);
    }
  }
}
