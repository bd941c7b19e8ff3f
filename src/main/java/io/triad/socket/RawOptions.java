package io.triad.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.triad.OsException;
import io.triad.engine.NativeBlocks;
import java.lang.foreign.MemorySegment;

/** Options by level and name, as setsockopt(2) has them. */
final class RawOptions {
  private RawOptions() {}

  static int get(Socket socket, int level, int name) throws OsException {
    NativeBlocks blocks = socket.run.loop.blocks();
    NativeBlocks.Block block = blocks.take();
    try {
      MemorySegment memory = block.memory();
      memory.set(JAVA_INT, 0, 0); // for options of one byte
      Attempts.check(
          socket,
          socket.run.platform.getOption(socket.fileno(), level, name, memory, Integer.BYTES),
          "getsockopt");
      return memory.get(JAVA_INT, 0);
    } finally {
      blocks.give(block);
    }
  }

  static byte[] get(Socket socket, int level, int name, int maxBytes) throws OsException {
    requireSize(maxBytes);
    NativeBlocks blocks = socket.run.loop.blocks();
    NativeBlocks.Block block = blocks.take(maxBytes);
    try {
      int length =
          Attempts.check(
              socket,
              socket.run.platform.getOption(
                  socket.fileno(), level, name, block.memory(), maxBytes),
              "getsockopt");
      return block.memory().asSlice(0, Math.min(length, maxBytes)).toArray(JAVA_BYTE);
    } finally {
      blocks.give(block);
    }
  }

  static void set(Socket socket, int level, int name, int value) throws OsException {
    NativeBlocks blocks = socket.run.loop.blocks();
    NativeBlocks.Block block = blocks.take();
    try {
      block.memory().set(JAVA_INT, 0, value);
      set(socket, level, name, block.memory(), Integer.BYTES);
    } finally {
      blocks.give(block);
    }
  }

  static void set(Socket socket, int level, int name, byte[] value) throws OsException {
    requireSize(value.length);
    NativeBlocks blocks = socket.run.loop.blocks();
    NativeBlocks.Block block = blocks.take(value.length);
    try {
      MemorySegment.copy(value, 0, block.memory(), JAVA_BYTE, 0, value.length);
      set(socket, level, name, block.memory(), value.length);
    } finally {
      blocks.give(block);
    }
  }

  static void setNull(Socket socket, int level, int name, int length) throws OsException {
    set(socket, level, name, MemorySegment.NULL, length);
  }

  private static void set(Socket socket, int level, int name, MemorySegment value, int length)
      throws OsException {
    Attempts.check(
        socket,
        socket.run.platform.setOption(socket.fileno(), level, name, value, length),
        "setsockopt");
  }

  private static void requireSize(int bytes) {
    if (bytes < 0 || bytes > NativeBlocks.LARGE_BYTES) {
      throw new IllegalArgumentException(
          "the value of an option has 0 to " + NativeBlocks.LARGE_BYTES + " bytes, not " + bytes);
    }
  }
}
