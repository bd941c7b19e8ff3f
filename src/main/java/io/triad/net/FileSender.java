package io.triad.net;

import io.triad.OsException;
import io.triad.PartialResult;
import io.triad.descriptor.Errors;
import io.triad.engine.NativeBlocks;
import io.triad.engine.Operation;
import io.triad.loop.Fiber;
import io.triad.loop.JdkDescriptors;
import io.triad.loop.Loop;
import io.triad.thread.Threads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;

/**
 * One sending of a file: by the engine if it can and the file has a descriptor, else by reading it
 * piece by piece on a worker thread. Errors that concern the file and not the socket lead from the
 * first way to the second, which either goes or meets the same error with the name of the file system.
 */
final class FileSender {
  private static final Set<String> OF_THE_FILE =
      Set.of(
          "EIO", "EISDIR", "EINVAL", "ENOSYS", "EOPNOTSUPP", "ESPIPE", "EOVERFLOW", "EMFILE",
          "ENFILE", "EPERM");

  private static final int NO_DESCRIPTOR = -1;

  private final Loop loop;
  private final StreamSender sender;
  private long sent;
  private boolean ended;

  FileSender(Loop loop, StreamSender sender) {
    this.loop = loop;
    this.sender = sender;
  }

  long send(Path path, long position, long count) throws IOException {
    check(position, count);
    Fiber fiber = sender.beginSending();
    try {
      FileChannel file =
          Threads.toThread(() -> FileChannel.open(path, StandardOpenOption.READ));
      try (file) {
        sendPieces(fiber, file, position, count);
      }
    } catch (Throwable e) {
      PartialResult.attach(e, sent);
      throw e;
    } finally {
      sender.endSending();
    }
    return sent;
  }

  long send(FileChannel file, long position, long count) throws IOException {
    check(position, count);
    Objects.requireNonNull(file, "file");
    Fiber fiber = sender.beginSending();
    try {
      sendPieces(fiber, file, position, count);
    } catch (Throwable e) {
      PartialResult.attach(e, sent);
      throw e;
    } finally {
      sender.endSending();
    }
    return sent;
  }

  private static void check(long position, long count) {
    if (position < 0 || count < 0) {
      throw new IllegalArgumentException(
          "position and count must be >= 0, not " + position + " and " + count);
    }
  }

  private void sendPieces(Fiber fiber, FileChannel file, long position, long count)
      throws IOException {
    int unused = file.read(ByteBuffer.allocate(0), position); // refuses what cannot be read
    assert unused <= 0;
    int descriptor = loop.engine().sendsFiles() ? descriptorOf(file) : NO_DESCRIPTOR;
    while (descriptor >= 0 && sent < count && !ended) {
      if (!sendByEngine(fiber, file, descriptor, position + sent, count - sent)) {
        descriptor = NO_DESCRIPTOR;
      }
    }
    if (sent < count && !ended) {
      sendCopied(fiber, file, position, count);
    }
    if (sent == 0) {
      fiber.checkpoint();
      sender.checkOpen();
    }
  }

  private static int descriptorOf(FileChannel file) {
    try {
      return JdkDescriptors.ofFile(file);
    } catch (UnsupportedOperationException e) {
      return NO_DESCRIPTOR; // this Java runtime does not tell
    }
  }

  /** Sends a piece; false if the engine cannot send this file. */
  private boolean sendByEngine(
      Fiber fiber, FileChannel file, int descriptor, long from, long left) throws IOException {
    sender.checkOpen();
    if (!file.isOpen()) {
      throw new ClosedChannelException(); // by now the number may be another file's
    }
    fiber.raiseIfCancelled();
    sender
        .operation()
        .sendFile(
            sender.descriptor(),
            descriptor,
            from,
            (int) Math.min(left, StreamSender.MAX_SEND_BYTES));
    int result = sender.operation().await(fiber);
    if (result > 0) {
      sent += result;
      return true;
    }
    sender.checkOpen();
    if (result == 0) {
      ended = true;
      return true;
    }
    if (result == Operation.CANCELED) {
      fiber.raiseIfCancelled();
      return true; // cancelled, and then shielded before we ran: go on
    }
    OsException error = Errors.of(loop.platform(), result, "send a file");
    if (OF_THE_FILE.contains(error.symbol())) {
      return false;
    }
    throw Errors.ofStream(loop.platform(), result, "send a file");
  }

  private void sendCopied(Fiber fiber, FileChannel file, long position, long count)
      throws IOException {
    NativeBlocks.Block block = loop.blocks().take(NativeBlocks.LARGE_BYTES);
    try {
      while (sent < count) {
        long from = position + sent;
        ByteBuffer into =
            block.view().duplicate().limit((int) Math.min(count - sent, block.size()));
        int read = Threads.toThread(() -> file.read(into, from));
        if (read <= 0) {
          ended = true;
          return;
        }
        int done = 0;
        while (done < read) {
          sender
              .operation()
              .send(sender.descriptor(), block.memory().address() + done, read - done);
          int taken = sender.awaitSend(fiber);
          done += taken;
          sent += taken;
        }
      }
    } finally {
      loop.blocks().give(block);
    }
  }
}
