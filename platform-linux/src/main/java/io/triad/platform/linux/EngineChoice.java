package io.triad.platform.linux;

import io.triad.engine.Engine;
import io.triad.engine.EngineUnavailableException;
import io.triad.engine.Platform;
import io.triad.engine.ReadinessEngine;
import io.triad.platform.linux.ffi.Libc;
import java.lang.foreign.Arena;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which engine a run gets: the one that was asked for or none; otherwise io_uring if it can be opened
 * and has what is needed, and epoll if not, which remembers why.
 */
final class EngineChoice {
  static final String IO_URING = "io_uring";
  static final String EPOLL = "epoll";

  private EngineChoice() {}

  /**
   * Opens an engine.
   *
   * @param forced which one; null for the best that there is
   * @throws EngineUnavailableException if that is refused; the message names cause and remedy
   */
  static Engine open(Platform platform, SocketCalls sockets, @Nullable String forced) {
    if (forced == null) {
      try {
        return openIoUring(sockets);
      } catch (EngineUnavailableException e) {
        return openEpoll(
            platform, String.valueOf(e.getMessage()), ReadinessEngine.MAX_RECEIVE_BUFFERS);
      }
    }
    return switch (forced) {
      case IO_URING -> openIoUring(sockets);
      case EPOLL -> openEpoll(
          platform, "-Dtriad.engine asks for it", ReadinessEngine.MAX_RECEIVE_BUFFERS);
      default -> throw new EngineUnavailableException(
          "-Dtriad.engine=" + forced + ": there are io_uring and epoll, on Linux, and simulated");
    };
  }

  private static Engine openIoUring(SocketCalls sockets) {
    boolean multishot =
        KnownKernels.thisOne().stream()
            .noneMatch(kernel -> kernel.feature() == KnownKernels.Feature.MULTISHOT_RECEIVE);
    return new IoUringEngine(sockets, IoUringOptions.DEFAULT.withMultishot(multishot));
  }

  /** Opens the readiness engine on epoll. */
  static Engine openEpoll(Platform platform, String reason, int maxReceiveBuffers) {
    Arena arena = Arena.ofShared();
    try {
      Libc libc = new Libc(arena);
      return new ReadinessEngine(
          platform,
          new EpollPoller(libc, arena),
          arena,
          maxReceiveBuffers,
          bytes -> RingMemory.mapPages(libc, arena, bytes),
          List.of("engine: epoll, because " + reason));
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }
}
