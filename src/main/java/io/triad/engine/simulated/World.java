package io.triad.engine.simulated;

import io.triad.engine.Engine;
import io.triad.engine.EngineUnavailableException;
import io.triad.engine.Platform;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * A machine and its network, made of objects: what a kernel is to other engines.
 *
 * <p><b>What there is.</b> Sockets of TCP ({@link TcpSocket}), connected by two {@link Flow flows} of
 * bytes and found by the {@link Network}; of UDP ({@link UdpSocket}), found by the {@link
 * DatagramNetwork}; Unix sockets ({@link UnixStreamSocket}, {@link UnixDatagramSocket}), found by
 * {@link UnixNames}, which are on no disk. {@link Descriptors} number them. No system call is made and
 * no memory is native but that of the operations. Of other files and of processes there is nothing,
 * because the engine contract does not know them yet.
 *
 * <p><b>What happens when.</b> Everything that takes time is an event on one {@link Timeline}: a
 * segment arrives, an attempt to connect is answered, a late completion is reported. Events happen
 * only inside {@link Engine#poll}, one after the other, those of one time in the order of their
 * causes. An event changes a socket, and whoever waits on it looks again ({@link Flight}). So there
 * are no threads here and nothing happens behind anybody's back.
 *
 * <p><b>What goes wrong.</b> {@link Conditions} say how often, and one generator, {@link Chance},
 * decides each case. It is asked in an order that follows from the program alone. Therefore the same
 * program with the same seed has the same history, to the last byte and nanosecond, and the {@link
 * Trace} of it is equal. What breaks that: threads other than that of the run, real time, identity
 * hash codes. Names of hosts stand in a table, so no such thread looks them up.
 *
 * <p><b>Time</b> is virtual or real. Virtual time goes on in three cases only:
 *
 * <ul>
 *   <li>Nobody can run, and something is on its way: then it is the time of its arrival at once.
 *   <li>Nobody can run, and a deadline lies ahead, of a task or of the network's own: then that time,
 *       unless a task waits until all others are blocked, because now they are.
 *   <li>Somebody was ready in a pass of the loop while something is on its way: that costs a
 *       microsecond, because else a task that waits for an arrival without blocking would wait for
 *       ever.
 * </ul>
 *
 * <p>If nobody can run and nothing lies ahead, only another thread can change that, and {@link
 * Engine#poll} sleeps until it does. A world with virtual time serves one engine at a time. With real
 * time events are waited for, and several runs on several threads may share the world, as they share
 * a kernel.
 *
 * <p><b>What is simplified.</b> A loss of segments shows as delay or reset and never as a repetition.
 * There is no TIME_WAIT: a port is free when nobody has it. The window is the receive buffer's free
 * space, known at the sender without delay, and buffers do not grow by themselves. Out-of-band data,
 * options of IP, multicast, firewalls, and Unix sockets of the kind SOCK_SEQPACKET are missing.
 *
 * <p><b>Threads.</b> Engines and platforms enter the world through {@link #enter} and {@link #exit};
 * behind that everything is single-threaded. The lock spins, because the caller may be a task, and a
 * task that parks in a lock lets others run in the middle of what they take for atomic.
 */
public final class World {
  /** What {@link #takeDeadline} answers if the loop did not ask how long it may sleep. */
  static final long NOT_ASKED = -1;

  /** How much virtual time a pass takes that finds somebody ready. */
  private static final long PASS_NANOS = 1000;

  /** The world of those who open the platform by name: there is one, like a kernel. */
  private static final World SHARED = new World(0, Conditions.CALM, false, 0);

  private final AtomicBoolean locked = new AtomicBoolean();
  private final Conditions conditions;
  private final Chance chance;
  private final Timeline timeline;
  private final Trace trace;
  private final Descriptors descriptors;
  private final Network network = new Network(this);
  private final DatagramNetwork datagrams = new DatagramNetwork(this);
  private final UnixNames unixNames = new UnixNames();
  private final SimulatedNames names = new SimulatedNames();
  private final List<SimulatedEngine> engines = new ArrayList<>();
  private long deadline = Engine.FOREVER;
  private boolean nobodyCanRun;

  private World(long seed, Conditions conditions, boolean virtual, int traceLines) {
    this.conditions = conditions;
    chance = new Chance(seed);
    timeline = new Timeline(virtual);
    trace = new Trace(traceLines);
    descriptors = new Descriptors(conditions.descriptors());
  }

  /**
   * Makes a world with virtual time, which begins at 0.
   *
   * @param seed from which everything is drawn
   * @param conditions how well it behaves
   * @param traceLines how many lines of its history it keeps
   */
  public static World virtual(long seed, Conditions conditions, int traceLines) {
    return new World(seed, conditions, true, traceLines);
  }

  /** Makes a world with real time that behaves well. */
  static World real() {
    return new World(0, Conditions.CALM, false, 0);
  }

  static World shared() {
    return SHARED;
  }

  /** Makes the platform of a run in this world. */
  public Platform platform() {
    return new SimulatedPlatform(this);
  }

  // ---- the clock of a run ----

  /** The virtual time in nanoseconds. */
  public long now() {
    return timeline.now();
  }

  /**
   * The loop asks how long it may sleep: nobody can run. On the way to an arrival virtual time does
   * not pass the next deadline of the run.
   *
   * @param nextDeadline a time, or {@link Engine#FOREVER} if there is none
   */
  public void nobodyCanRun(long nextDeadline) {
    deadline = nextDeadline;
    nobodyCanRun = true;
  }

  /**
   * The deadline of which the loop has spoken since this was last asked; {@link #NOT_ASKED} if it has
   * not: then somebody can run, or the run is at its end and has no deadlines any more.
   */
  long takeDeadline() {
    long asked = nobodyCanRun ? deadline : NOT_ASKED;
    nobodyCanRun = false;
    return asked;
  }

  /** Nobody will: virtual time goes on to the next event, or to the deadline if that is sooner. */
  public void goOn() {
    enter();
    timeline.advanceTo(Math.min(deadline, timeline.next()));
    exit();
  }

  // ---- names ----

  /** Gives addresses a name; what the name meant before is forgotten. */
  public void name(String host, List<InetAddress> addresses) {
    names.put(host, addresses);
  }

  // ---- history ----

  /** A hash of every line of the history. */
  public long traceHash() {
    return trace.hash();
  }

  /** How many lines the history has. */
  public long traceLines() {
    return trace.lines();
  }

  /** The last lines of the history, oldest first. */
  public List<String> lastTraceLines() {
    return trace.last();
  }

  void note(Supplier<String> text) {
    trace.add(timeline.now(), text);
  }

  // ---- one at a time ----

  void enter() {
    while (!locked.compareAndSet(false, true)) {
      Thread.onSpinWait();
    }
  }

  /** Leaves, and wakes whoever sleeps until a time that is no longer the earliest. */
  void exit() {
    if (timeline.becameEarlier()) {
      for (SimulatedEngine engine : engines) {
        engine.lookAgain();
      }
    }
    locked.set(false);
  }

  void add(SimulatedEngine engine) {
    if (timeline.isVirtual() && !engines.isEmpty()) {
      throw new EngineUnavailableException(
          "a simulation with virtual time has room for one run at a time");
    }
    engines.add(engine);
  }

  void remove(SimulatedEngine engine) {
    engines.remove(engine);
    deadline = Engine.FOREVER;
  }

  // ---- what is in it ----

  Conditions conditions() {
    return conditions;
  }

  Chance chance() {
    return chance;
  }

  boolean happens(Mishap mishap) {
    boolean happens = chance.happens(conditions.probability(mishap));
    if (happens) {
      note(() -> "mishap " + mishap);
    }
    return happens;
  }

  /** A part of something by chance, or all of it. */
  int partOf(int whole) {
    return happens(Mishap.PARTIAL_TRANSFER) ? chance.partOf(whole) : whole;
  }

  /** How long something is on its way, drawn anew each time. */
  long delay() {
    return chance.upTo(conditions.delayNanos());
  }

  Timeline timeline() {
    return timeline;
  }

  Network network() {
    return network;
  }

  SimulatedNames names() {
    return names;
  }

  DatagramNetwork datagrams() {
    return datagrams;
  }

  UnixNames unixNames() {
    return unixNames;
  }

  Descriptors descriptors() {
    return descriptors;
  }

  /** A pass found somebody ready: that takes a little time if anything is to arrive in it. */
  void passedBusily() {
    if (timeline.isVirtual() && timeline.anythingOnTheWay()) {
      timeline.advanceTo(timeline.now() + PASS_NANOS);
      timeline.runDue();
    }
  }

  /** Why no descriptor can be had now, or 0. */
  int refusesDescriptor() {
    if (descriptors.isFull() || happens(Mishap.NO_DESCRIPTOR)) {
      return Errno.EMFILE.negated();
    }
    return happens(Mishap.NO_MEMORY) ? Errno.ENOBUFS.negated() : 0;
  }

  int addDescriptor(OpenSocket socket) {
    socket.hold();
    return descriptors.add(socket);
  }

  int closeDescriptor(int number) {
    OpenSocket socket = descriptors.remove(number);
    if (socket == null) {
      return Errno.EBADF.negated();
    }
    socket.drop();
    return 0;
  }
}
