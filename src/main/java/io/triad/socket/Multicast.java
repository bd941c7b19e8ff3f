package io.triad.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.triad.OsException;
import io.triad.engine.NativeAddress;
import io.triad.engine.Platform;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import org.jspecify.annotations.Nullable;

/**
 * Membership in groups by the options of RFC 3678, which are the same for both families: an interface
 * and one or two addresses, each in the room of a {@code struct sockaddr_storage}.
 */
final class Multicast {
  private Multicast() {}

  static void change(
      Socket socket,
      String option,
      InetAddress group,
      @Nullable NetworkInterface on,
      @Nullable InetAddress source)
      throws OsException {
    if (!group.isMulticastAddress()) {
      throw new IllegalArgumentException("this is no address of multicast: " + group);
    }
    if (source != null && source.getClass() != group.getClass()) {
      throw new IllegalArgumentException(
          "a sender to the group " + group + " has no such address: " + source);
    }
    SocketRun run = socket.run;
    int level =
        run.constant(group.getAddress().length == Integer.BYTES ? "IPPROTO_IP" : "IPPROTO_IPV6");
    int name = run.constant(option);
    int groupAt = run.platform.groupAt();
    int sourceAt = groupAt + Platform.ADDRESS_BYTES;
    try (Arena arena = Arena.ofConfined()) {
      NativeAddress address = new NativeAddress(arena);
      MemorySegment request = arena.allocate(sourceAt + Platform.ADDRESS_BYTES, 8);
      request.set(JAVA_INT, 0, on == null ? 0 : on.getIndex());
      put(run, group, address, request, groupAt);
      if (source != null) {
        put(run, source, address, request, sourceAt);
      }
      int length = source == null ? sourceAt : sourceAt + Platform.ADDRESS_BYTES;
      RawOptions.set(socket, level, name, request.asSlice(0, length).toArray(JAVA_BYTE));
    }
  }

  private static void put(
      SocketRun run, InetAddress host, NativeAddress through, MemorySegment request, int at)
      throws OsException {
    SocketAddresses.encode(run, new InetSocketAddress(host, 0), through);
    MemorySegment.copy(through.memory(), 0, request, at, through.length());
  }
}
