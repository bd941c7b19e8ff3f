package io.triad.bench;

import io.triad.BrokenResourceException;
import io.triad.Triad;
import io.triad.net.Net;
import io.triad.net.SocketStream;
import io.triad.stream.ChunkAction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Streaming on Triad: loaned buffers in, one direct buffer out, and files by the kernel. What a
 * connection is for, its first byte says; see {@link StreamPurpose}.
 */
public final class TriadStreamServer {
  private final ByteBuffer pattern = StreamPurpose.pattern();
  private final FileChannel file;

  private TriadStreamServer(FileChannel file) {
    this.file = file;
  }

  /** Serves until the process ends. Arguments: a port and a file. */
  public static void main(String[] args) throws IOException {
    int port = Integer.parseInt(args[0]);
    try (FileChannel file = FileChannel.open(Path.of(args[1]))) {
      var server = new TriadStreamServer(file);
      Triad.run(() -> Net.serveTcp(port, server::serve));
    }
  }

  private void serve(SocketStream stream) throws IOException {
    try {
      byte[] purpose = stream.receiveSome(1);
      if (purpose.length == 0) {
        return;
      }
      switch (purpose[0]) {
        case StreamPurpose.IN -> readAll(stream);
        case StreamPurpose.OUT -> writeForEver(stream);
        case StreamPurpose.FILE -> sendFile(stream);
        default -> throw new IllegalStateException("unknown purpose " + purpose[0]);
      }
    } catch (BrokenResourceException gone) {
      // The load generator has what it wanted.
    }
  }

  private static void readAll(SocketStream stream) throws IOException {
    var total = new long[1];
    ChunkAction<IOException> count = chunk -> total[0] += chunk.length();
    while (stream.receive(count)) {}
    stream.sendAll(ByteBuffer.allocate(Long.BYTES).putLong(total[0]).flip());
  }

  private void writeForEver(SocketStream stream) throws IOException {
    ByteBuffer chunk = pattern.duplicate();
    while (true) {
      stream.sendAll(chunk.clear());
    }
  }

  private void sendFile(SocketStream stream) throws IOException {
    do {
      stream.sendFile(file, 0, file.size());
    } while (stream.receiveSome(1).length > 0);
  }
}
