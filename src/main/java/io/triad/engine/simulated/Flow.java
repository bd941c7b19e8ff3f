package io.triad.engine.simulated;

/**
 * One direction of a connection. Each byte is first waiting, in the sender's buffer, until there is
 * room for it at the receiver; then travelling; then arrived, until it is read.
 *
 * <pre>
 *            take              push               arrive            read
 * program ───────→  waiting  ───────→  travelling ───────→  arrived ──────→ program
 *           └──────────── send buffer ───────────┘
 *                                └──────────── receive buffer ────────────┘
 * </pre>
 *
 * <p>What travels counts in both buffers: the sender keeps it until it has arrived, and the receiver
 * has promised room for it. So a sender that nobody reads from comes to stand after both buffers are
 * full. Whatever travels arrives in order; the end of the stream is the last thing that travels.
 */
final class Flow {
  /** The most that travels as one. */
  private static final int SEGMENT_BYTES = 64 * 1024;

  private final World world;
  private final StreamSocket from;
  private final StreamSocket to;
  private final boolean inMemory;
  private final ByteQueue bytes = new ByteQueue();
  private int waiting;
  private int travelling;
  private int arrived;
  private boolean endWaiting;
  private boolean endSent;
  private boolean endArrived;

  /** Nothing more goes this way: a side has reset the connection. */
  private boolean dead;

  /** When the last thing arrives that is on its way. */
  private long lastArrival;

  private Flow(World world, StreamSocket from, StreamSocket to, boolean inMemory) {
    this.world = world;
    this.from = from;
    this.to = to;
    this.inMemory = inMemory;
  }

  static Flow overNetwork(World world, StreamSocket from, StreamSocket to) {
    return new Flow(world, from, to, false);
  }

  /**
   * One of Unix sockets: what is sent has arrived. It stays in the send buffer until it is read; the
   * receive buffer is of no account.
   */
  static Flow inMemory(World world, StreamSocket from, StreamSocket to) {
    return new Flow(world, from, to, true);
  }

  /** Nothing arrives before this time: the receiver's end has yet to come into being. */
  void notBefore(long nanos) {
    lastArrival = nanos;
  }

  /** How many bytes the sender's system takes now. */
  int room() {
    int held = waiting + travelling + (inMemory ? arrived : 0);
    int room = from.options().sendBufferBytes() - held;
    int lowWater = from.options().notSentLowWater();
    return Math.max(0, lowWater == 0 ? room : Math.min(room, lowWater - waiting));
  }

  /** Takes bytes from the sending program; there must be room. */
  void take(long address, int count) {
    bytes.add(address, count);
    if (inMemory) {
      arrived += count;
      to.changesSoon();
      return;
    }
    waiting += count;
    push();
  }

  /** The sending program says that nothing will follow. */
  void end() {
    endWaiting = true;
    if (inMemory) {
      endArrived = true;
      to.changesSoon();
    } else {
      push();
    }
  }

  /** Whether the sender has said so. */
  boolean ended() {
    return endWaiting;
  }

  /** Puts on its way what the receiver has room for. */
  private void push() {
    while (waiting > 0 && !dead) {
      int room = to.options().receiveBufferBytes() - arrived - travelling;
      int count = Math.min(Math.min(waiting, SEGMENT_BYTES), room);
      if (count <= 0) {
        return;
      }
      int segment = world.happens(Mishap.PARTIAL_TRANSFER)
          ? world.chance().partOf(count)
          : count;
      waiting -= segment;
      travelling += segment;
      deliver(() -> arrive(segment));
    }
    if (waiting == 0 && endWaiting && !endSent && !dead) {
      endSent = true;
      deliver(this::endArrives);
    }
  }

  private void deliver(Runnable arrival) {
    lastArrival = Math.max(lastArrival, world.timeline().now() + world.delay());
    world.timeline().at(lastArrival, arrival);
  }

  private void arrive(int count) {
    if (dead) {
      return;
    }
    if (to.isReleased()) {
      from.breakConnection("the other end is closed");
      return;
    }
    if (world.happens(Mishap.RESET)) {
      to.breakConnection("by chance");
      from.breakConnection("by chance");
      return;
    }
    travelling -= count;
    arrived += count;
    world.note(() -> count + " bytes arrive at " + to);
    to.changed();
    push(); // a fault may have cut the segment shorter than the room
    from.changed();
  }

  private void endArrives() {
    if (!dead) {
      endArrived = true;
      world.note(() -> "the end arrives at " + to);
      to.changed();
    }
  }

  /** How many bytes can be read now. */
  int arrived() {
    return arrived;
  }

  /** Whether the end has come: behind what has arrived there is nothing. */
  boolean endArrived() {
    return endArrived;
  }

  /** Moves bytes to the reading program; they must have arrived. */
  void read(long address, int count) {
    bytes.moveTo(address, count);
    arrived -= count;
    if (inMemory) {
      from.changesSoon();
    } else {
      push();
    }
  }

  /** Copies bytes to the reading program that stay; they must have arrived. */
  void peek(int passedOver, long address, int count) {
    bytes.copyTo(passedOver, address, count);
  }

  /** Nothing more arrives; what has arrived can still be read. */
  void die() {
    dead = true;
    waiting = 0;
    travelling = 0;
  }

  /** Says, behind whatever travels, that the connection is no more; what waits is lost. */
  void reset() {
    waiting = 0;
    deliver(() -> to.breakConnection("reset by the other end"));
  }
}
