package io.triad.descriptor;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.triad.OsException;
import io.triad.engine.NativeBlocks;
import io.triad.engine.Platform;
import io.triad.loop.Loop;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;

/** Calls on a descriptor that end at once, with their errors as exceptions. */
public final class DescriptorCalls {
  private DescriptorCalls() {}

  public static int check(Platform platform, int result, String call) throws OsException {
    if (result < 0) {
      throw Errors.of(platform, result, call);
    }
    return result;
  }

  public static InetSocketAddress address(Loop loop, int descriptor, boolean peer)
      throws OsException {
    NativeBlocks.Block block = loop.blocks().take();
    try {
      Platform platform = loop.platform();
      int length =
          check(
              platform,
              platform.readAddress(descriptor, peer, block.memory()),
              peer ? "getpeername" : "getsockname");
      return platform.decode(block.memory(), length);
    } finally {
      loop.blocks().give(block);
    }
  }

  public static void setInt(Loop loop, int descriptor, int level, int name, int value)
      throws OsException {
    NativeBlocks.Block block = loop.blocks().take();
    try {
      MemorySegment memory = block.memory();
      memory.set(JAVA_INT, 0, value);
      check(
          loop.platform(),
          loop.platform().setOption(descriptor, level, name, memory, Integer.BYTES),
          "setsockopt");
    } finally {
      loop.blocks().give(block);
    }
  }

  public static int getInt(Loop loop, int descriptor, int level, int name) throws OsException {
    NativeBlocks.Block block = loop.blocks().take();
    try {
      MemorySegment memory = block.memory();
      memory.set(JAVA_INT, 0, 0);
      check(
          loop.platform(),
          loop.platform().getOption(descriptor, level, name, memory, Integer.BYTES),
          "getsockopt");
      return memory.get(JAVA_INT, 0);
    } finally {
      loop.blocks().give(block);
    }
  }
}
