package io.triad.net;

import io.triad.OsException;
import io.triad.descriptor.DescriptorCalls;
import io.triad.engine.Platform;
import io.triad.engine.SocketOption;
import io.triad.loop.Loop;
import java.util.OptionalInt;

/** Applies {@link UdpOptions} to a new socket. */
final class UdpSetup {
  private final Loop loop;
  private final Platform platform;
  private final int descriptor;
  private final boolean ipv6;

  UdpSetup(Loop loop, int descriptor, boolean ipv6) {
    this.loop = loop;
    this.platform = loop.platform();
    this.descriptor = descriptor;
    this.ipv6 = ipv6;
  }

  void apply(UdpOptions options) throws OsException {
    if (options.reuseAddress()) {
      set(SocketOption.REUSE_ADDRESS, 1);
    }
    if (options.reusePort()) {
      set(SocketOption.REUSE_PORT, 1);
    }
    if (ipv6) {
      set(SocketOption.IPV6_ONLY, options.ipv6Only() ? 1 : 0);
    }
    if (options.receiveBufferBytes() > 0) {
      set(SocketOption.RECEIVE_BUFFER, options.receiveBufferBytes());
    }
    if (options.sendBufferBytes() > 0) {
      set(SocketOption.SEND_BUFFER, options.sendBufferBytes());
    }
    if (options.broadcast()) {
      require("SOL_SOCKET", "SO_BROADCAST");
    }
    if (options.details()) {
      if (ipv6) {
        require("IPPROTO_IPV6", "IPV6_RECVPKTINFO");
        require("IPPROTO_IPV6", "IPV6_RECVHOPLIMIT");
      } else {
        require("IPPROTO_IP", "IP_PKTINFO");
        require("IPPROTO_IP", "IP_RECVTTL");
      }
    }
  }

  private void set(SocketOption option, int value) throws OsException {
    DescriptorCalls.check(
        platform, platform.setOption(descriptor, option, value), "setsockopt " + option);
  }

  /** Sets an option that the caller has asked for, and that the system must therefore have. */
  private void require(String level, String name) throws OsException {
    OptionalInt levelNumber = platform.constant(level);
    OptionalInt number = platform.constant(name);
    if (levelNumber.isEmpty() || number.isEmpty()) {
      DescriptorCalls.check(platform, Platform.UNSUPPORTED, "setsockopt " + name);
    } else {
      DescriptorCalls.setInt(
          loop, descriptor, levelNumber.getAsInt(), number.getAsInt(), 1);
    }
  }

  /** Whether the kernel hands out several datagrams as one from now on. */
  boolean groups() {
    try {
      require("IPPROTO_UDP", "UDP_GRO");
      return true;
    } catch (OsException e) {
      return false; // an older kernel: it gives them one by one, which is what the caller sees anyway
    }
  }

  /** Whether the kernel has heard of sending several datagrams as one. */
  boolean knowsSegments() {
    OptionalInt level = platform.constant("IPPROTO_UDP");
    OptionalInt name = platform.constant("UDP_SEGMENT");
    if (level.isEmpty() || name.isEmpty()) {
      return false;
    }
    try {
      DescriptorCalls.getInt(loop, descriptor, level.getAsInt(), name.getAsInt());
      return true;
    } catch (OsException e) {
      return false;
    }
  }
}
