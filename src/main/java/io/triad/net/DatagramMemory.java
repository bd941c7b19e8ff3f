package io.triad.net;

import io.triad.engine.DatagramBatch;
import io.triad.engine.Message;
import io.triad.engine.NativeAddress;
import io.triad.engine.Platform;
import io.triad.loop.Loop;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What the datagram sockets of a run share: buffers, which a socket holds only while there is
 * something in them, and known addresses.
 */
final class DatagramMemory {
  /** How many datagrams one system call receives or sends at most. */
  static final int BATCH = 32;

  private final Platform platform;
  private final Arena arena = Arena.ofShared();
  private final ArrayDeque<DatagramBatch> free = new ArrayDeque<>();
  private final List<DatagramBatch> all = new ArrayList<>();
  final KnownSenders senders;
  final KnownReceivers receivers;
  final KnownReceivers mappedReceivers;
  final Message message;
  final NativeAddress address;

  private DatagramMemory(Loop loop) {
    platform = loop.platform();
    senders = new KnownSenders(platform);
    receivers = new KnownReceivers(platform, arena, false);
    mappedReceivers = new KnownReceivers(platform, arena, true);
    message = new Message(arena);
    address = new NativeAddress(arena);
    loop.atEnd(this::close);
  }

  /** The one of a run. */
  static DatagramMemory of(Loop loop) {
    return loop.local(DatagramMemory.class, () -> new DatagramMemory(loop));
  }

  DatagramBatch take() {
    DatagramBatch batch = free.poll();
    if (batch == null) {
      batch = platform.datagrams(BATCH);
      all.add(batch);
    }
    return batch;
  }

  void give(DatagramBatch batch) {
    free.push(batch);
  }

  private void close() {
    all.forEach(DatagramBatch::close);
    arena.close();
  }
}
