package io.triad.model;

import io.triad.stream.HalfCloseableStream;
import io.triad.stream.ReceiveChannel;
import io.triad.stream.SendChannel;
import io.triad.sync.MemoryChannel;

/** What the random programs are built on: the real thing, or a twin with a planted defect. */
interface Parts {
  /** The two ends of a channel. */
  record Ends(
      SendChannel<ChannelModel.Item> sender, ReceiveChannel<ChannelModel.Item> receiver) {}

  /** What Triad offers. */
  Parts REAL = new Parts() {};

  default Ends channel(int capacity) {
    MemoryChannel<ChannelModel.Item> channel = MemoryChannel.open(capacity);
    return new Ends(channel.sender(), channel.receiver());
  }

  default HalfCloseableStream stream(HalfCloseableStream stream) {
    return stream;
  }
}
