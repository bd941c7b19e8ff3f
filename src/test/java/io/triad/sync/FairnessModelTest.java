package io.triad.sync;

import static io.triad.testkit.Tasks.settle;
import static org.assertj.core.api.Assertions.assertThat;

import io.triad.CancelScope;
import io.triad.Nursery;
import io.triad.Triad;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that acquire, release and are cancelled in any order, against a model that knows only a line
 * and who has what. Releasing and cancelling happen in one breath too: what was handed over must
 * survive that.
 */
final class FairnessModelTest {
  /** Of the run's clock, which is the system's: only a hang takes so long. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What all of them can do. */
  private interface Resource {
    void acquire();

    void release();

    int waiting();

    /** Changes how many may have it; answers false if it cannot. */
    default boolean resize(int capacity) {
      return false;
    }
  }

  private record OfLock(FairLock lock) implements Resource {
    @Override
    public void acquire() {
      lock.acquire();
    }

    @Override
    public void release() {
      lock.release();
    }

    @Override
    public int waiting() {
      return lock.statistics().tasksWaiting();
    }
  }

  private record OfSemaphore(Semaphore semaphore) implements Resource {
    @Override
    public void acquire() {
      semaphore.acquire();
    }

    @Override
    public void release() {
      semaphore.release();
    }

    @Override
    public int waiting() {
      return semaphore.statistics().tasksWaiting();
    }
  }

  private record OfLimiter(CapacityLimiter limiter) implements Resource {
    @Override
    public void acquire() {
      limiter.acquire();
    }

    @Override
    public void release() {
      limiter.release();
    }

    @Override
    public int waiting() {
      return limiter.statistics().tasksWaiting();
    }

    @Override
    public boolean resize(int capacity) {
      limiter.setTotalTokens(capacity);
      return true;
    }
  }

  /** One task: it acquires, holds until it is told to let go, releases. */
  private static final class Client {
    final CancelScope acquiring = new CancelScope();
    final Event letGo = new Event();

    /** Whom it cancels right after its release. */
    @Nullable Client victim;

    void run(Resource resource, Set<Client> holders) {
      acquiring.enter(_ -> resource.acquire());
      if (acquiring.cancelledCaught()) {
        return;
      }
      holders.add(this);
      letGo.await();
      holders.remove(this);
      resource.release();
      if (victim != null) {
        victim.acquiring.cancel();
      }
    }
  }

  /** The definition of fairness. */
  private static final class Model {
    int capacity;
    final Deque<Client> line = new ArrayDeque<>();
    final List<Client> holders = new ArrayList<>();

    void serve() {
      while (holders.size() < capacity && !line.isEmpty()) {
        holders.add(line.remove());
      }
    }
  }

  private static void check(Resource resource, int capacity, List<Integer> steps) {
    Model model = new Model();
    model.capacity = capacity;
    Set<Client> holders = new HashSet<>();
    List<Client> clients = new ArrayList<>();
    Triad.run(
        () -> Triad.failAfter(
            PATIENCE,
            () -> Nursery.open(
                nursery -> {
                  for (int step : steps) {
                    int which = step / 8;
                    switch (step % 8) {
                      case 0, 1, 2 -> start(nursery, resource, model, clients, holders);
                      case 3 -> cancel(model, clients, which);
                      case 4, 5 -> letGo(model, clients, which, false);
                      case 6 -> letGo(model, clients, which, true);
                      default -> resize(resource, model, which % 5);
                    }
                    settle();
                    assertThat(holders).hasSameElementsAs(model.holders);
                    assertThat(resource.waiting()).isEqualTo(model.line.size());
                  }
                  clients.forEach(client -> client.letGo.set());
                  resize(resource, model, 1);
                })));
    assertThat(holders).isEmpty();
    assertThat(resource.waiting()).isZero();
  }

  private static void start(
      Nursery nursery, Resource resource, Model model, List<Client> clients, Set<Client> holders) {
    Client client = new Client();
    clients.add(client);
    nursery.startSoon(() -> client.run(resource, holders));
    model.line.add(client);
    model.serve();
  }

  private static void cancel(Model model, List<Client> clients, int which) {
    if (!clients.isEmpty()) {
      Client client = clients.get(which % clients.size());
      client.acquiring.cancel();
      model.line.remove(client);
    }
  }

  private static void letGo(Model model, List<Client> clients, int which, boolean andCancel) {
    if (model.holders.isEmpty()) {
      return;
    }
    Client holder = model.holders.remove(which % model.holders.size());
    if (andCancel) {
      holder.victim = clients.get(which / 3 % clients.size());
    }
    holder.letGo.set();
    model.serve();
    model.line.remove(holder.victim);
  }

  private static void resize(Resource resource, Model model, int capacity) {
    if (resource.resize(capacity)) {
      model.capacity = capacity;
      model.serve();
    }
  }

  @Property(seed = "2", tries = 400)
  void core_64_core_66_a_lock_goes_to_the_longest_waiter_and_is_never_lost(
      @ForAll boolean strict, @ForAll @Size(max = 60) List<@IntRange(max = 1023) Integer> steps) {
    check(new OfLock(strict ? new StrictFifoLock() : new Lock()), 1, steps);
  }

  @Property(seed = "3", tries = 400)
  void core_64_core_65_a_unit_goes_to_the_longest_waiter_and_is_never_lost(
      @ForAll @IntRange(min = 1, max = 3) int units,
      @ForAll @Size(max = 60) List<@IntRange(max = 1023) Integer> steps) {
    Semaphore semaphore = new Semaphore(units, units);
    check(new OfSemaphore(semaphore), units, steps);
    assertThat(semaphore.value()).isEqualTo(units);
  }

  @Property(seed = "4", tries = 400)
  void core_63_core_64_a_token_goes_to_the_longest_waiter_and_is_never_lost(
      @ForAll @IntRange(max = 3) int tokens,
      @ForAll @Size(max = 60) List<@IntRange(max = 1023) Integer> steps) {
    CapacityLimiter limiter = new CapacityLimiter(tokens);
    check(new OfLimiter(limiter), tokens, steps);
    assertThat(limiter.borrowedTokens()).isZero();
  }
}
