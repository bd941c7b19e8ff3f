package io.triad.testing;

import io.triad.Action;
import io.triad.Body;
import io.triad.Clock;
import io.triad.RunOptions;
import io.triad.Triad;
import io.triad.engine.Platforms;
import io.triad.engine.simulated.World;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program on a network that does not exist, with a clock that does not wait. Everything that
 * goes wrong there, and when, is drawn from a seed, so a failure can be had again.
 *
 * <pre>{@code
 * Simulation.withRandomSeed()
 *     .withFaults(Faults.ROUGH)
 *     .run(() -> {
 *       try (var listener = Net.openTcpListeners(7777, "127.0.0.1", 1).getFirst();
 *           var client = Net.openTcpStream("127.0.0.1", 7777);
 *           var server = listener.accept()) {
 *         client.sendAll("hello".getBytes(UTF_8));
 *         …
 *       }
 *     });
 * }</pre>
 *
 * <p><b>What is promised.</b> Two runs of one program with the same seed and faults have the same
 * history: the same completions in the same order at the same virtual times, {@link #trace} tells.
 * The program must not depend on anything else that varies: other threads, real time, hash codes of
 * identity.
 *
 * <p><b>What fails</b> is thrown as it is, with an {@link Information} attached as a suppressed
 * exception, which names the seed and shows the end of the history. To have it again, write the seed
 * into {@link #withSeed}, or start the same test, if it uses {@link #withRandomSeed}, with {@code
 * -Dtriad.simulation.seed=…}.
 *
 * <p><b>Time</b> begins at 0 and stands still while a task can run. When all are blocked it jumps to
 * the next arrival on the network or the next deadline, whichever comes first; but while a task is in
 * {@link Settling#waitAllTasksBlocked()}, to no deadline. If there is neither, the run waits for
 * other threads. While one works for the run, time does not know and jumps to the
 * next deadline all the same.
 *
 * <p><b>The network</b> is one machine, 127.0.0.0/8 and ::1. Connecting to 192.0.2.0/24 or
 * 2001:db8:1::/48 times out (ETIMEDOUT, after 127 seconds), to 198.51.100.0/24 or 2001:db8:2::/48
 * there is no route (EHOSTUNREACH), and all else is unknown to the machine itself (ENETUNREACH).
 * Descriptors, options and errors have the numbers of Linux, whatever the system.
 *
 * <p>Immutable but for the trace; each run begins with a new network. Not for several threads at
 * once.
 */
public final class Simulation {
  private static final String SEED_PROPERTY = "triad.simulation.seed";
  private static final int TRACE_LINES = 10_000;
  private static final int LINES_SHOWN = 40;

  private final long seed;
  private final Faults faults;
  private final Map<String, List<InetAddress>> hosts;
  private @Nullable World world;

  private Simulation(long seed, Faults faults, Map<String, List<InetAddress>> hosts) {
    this.seed = seed;
    this.faults = faults;
    this.hosts = Map.copyOf(hosts);
  }

  /**
   * Makes a simulation that behaves well.
   *
   * @param seed from which everything is drawn
   * @return the simulation, with {@link Faults#NONE}
   */
  public static Simulation withSeed(long seed) {
    return new Simulation(seed, Faults.NONE, Map.of());
  }

  /**
   * Makes a simulation with the seed that the system property {@code triad.simulation.seed} names; if
   * it names none, with a new one.
   *
   * @return the simulation, with {@link Faults#NONE}
   * @throws NumberFormatException if the property is there and is no number
   */
  public static Simulation withRandomSeed() {
    String given = System.getProperty(SEED_PROPERTY);
    return withSeed(given == null ? ThreadLocalRandom.current().nextLong() : Long.parseLong(given));
  }

  /**
   * Returns the same simulation with other faults.
   *
   * @param newFaults what goes wrong, and how often
   * @return the simulation
   */
  public Simulation withFaults(Faults newFaults) {
    return new Simulation(seed, Objects.requireNonNull(newFaults, "newFaults"), hosts);
  }

  /**
   * Returns the same simulation with a host that has a name. {@code localhost} has one from the
   * beginning.
   *
   * @param name of the host, in ASCII
   * @param addresses its addresses, in the order in which a look-up answers them
   * @return the simulation
   */
  public Simulation withHost(String name, InetAddress... addresses) {
    Map<String, List<InetAddress>> more = new HashMap<>(hosts);
    more.put(name, List.of(addresses));
    return new Simulation(seed, faults, more);
  }

  /**
   * Returns the seed.
   *
   * @return from which everything is drawn
   */
  public long seed() {
    return seed;
  }

  /**
   * Runs a body as {@link Triad#run(Body)} does, on a new simulated network.
   *
   * @param body what the main task does
   * @param <T> the type of the result
   * @param <E> the checked exception the body may throw
   * @return what the body returned
   * @throws E what the body throws, as itself, with an {@link Information} suppressed
   */
  public <T extends @Nullable Object, E extends Exception> T run(Body<T, E> body) throws E {
    Objects.requireNonNull(body, "body");
    World newWorld = World.virtual(seed, faults.conditions(), TRACE_LINES);
    hosts.forEach(newWorld::name);
    world = newWorld;
    try {
      return ScopedValue.where(Platforms.CHOSEN, newWorld::platform)
          .call(() -> Triad.run(RunOptions.DEFAULT.withClock(new WorldClock(newWorld)), body));
    } catch (Throwable e) {
      e.addSuppressed(new Information(this));
      throw e;
    }
  }

  /**
   * Runs an action as {@link Triad#run(Action)} does, on a new simulated network.
   *
   * @param action what the main task does
   * @param <E> the checked exception the action may throw
   * @throws E what the action throws, as itself, with an {@link Information} suppressed
   */
  public <E extends Exception> void run(Action<E> action) throws E {
    Objects.requireNonNull(action, "action");
    this.<@Nullable Object, E>run(
        () -> {
          action.run();
          return null;
        });
  }

  /**
   * Returns the history of the last run, or, while it goes on, of this one until now.
   *
   * @return the trace
   * @throws IllegalStateException if nothing was run yet
   */
  public Trace trace() {
    World last = world;
    if (last == null) {
      throw new IllegalStateException("this simulation has not run yet");
    }
    return new Trace(last.traceLines(), last.traceHash(), last.lastTraceLines());
  }

  /**
   * What has happened on a simulated network, a line for each event. Traces are equal if and only if
   * the histories are, but for a collision of 64-bit hashes.
   *
   * @param lines how many lines there are
   * @param hash a hash of them all
   * @param last the last 10 000 of them: a virtual time in nanoseconds, and what happened
   */
  public record Trace(long lines, long hash, List<String> last) {
    /** Makes one. */
    public Trace {
      last = List.copyOf(last);
    }
  }

  /** Hangs on what a simulated run threw, as a suppressed exception. It is no failure by itself. */
  public static final class Information extends Exception {
    private static final long serialVersionUID = 1L;

    /** The seed of the run. */
    private final long seed;

    Information(Simulation simulation) {
      super(describe(simulation), null, false, false);
      seed = simulation.seed;
    }

    /**
     * Returns the seed with which the same run can be had again.
     *
     * @return the seed
     */
    public long seed() {
      return seed;
    }

    private static String describe(Simulation simulation) {
      List<String> lines = simulation.trace().last();
      List<String> shown = lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size());
      return "simulated with seed "
          + simulation.seed
          + " and "
          + simulation.faults
          + "; to have it again: Simulation.withSeed("
          + simulation.seed
          + "L), or -D"
          + SEED_PROPERTY
          + "="
          + simulation.seed
          + "; what happened last, with the virtual time in nanoseconds:\n  "
          + String.join("\n  ", shown);
    }
  }

  /** Virtual time goes on when the loop says that nobody can; see {@link World}. */
  private record WorldClock(World world) implements Clock {
    @Override
    public long nanos() {
      return world.now();
    }

    @Override
    public long untilNanos(long deadlineNanos) {
      world.nobodyCanRun(deadlineNanos);
      return deadlineNanos <= world.now() ? 0 : Long.MAX_VALUE;
    }

    @Override
    public long idleThresholdNanos() {
      return 0;
    }

    @Override
    public void idle(long nextDeadlineNanos) {
      world.goOn();
    }
  }
}
