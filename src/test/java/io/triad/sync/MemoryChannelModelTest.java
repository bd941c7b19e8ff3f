package io.triad.sync;

import static io.triad.testkit.Tasks.settle;
import static org.assertj.core.api.Assertions.assertThat;

import io.triad.BrokenResourceException;
import io.triad.CancelScope;
import io.triad.ClosedResourceException;
import io.triad.EndOfChannelException;
import io.triad.Nursery;
import io.triad.Triad;
import io.triad.WouldBlockException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Senders, receivers, duplicates, cancellations and closes in any order, against a model that knows
 * nothing of queues of tasks: it applies the rules of a channel until none applies any more.
 */
final class MemoryChannelModelTest {
  /** Of the run's clock, which is the system's: only a hang takes so long. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What one call must come to, or is still waiting for. */
  private record Call(int id, int end, int value) {}

  /** The definition of a channel. */
  private static final class Model {
    final int capacity;
    final List<Integer> buffer = new ArrayList<>();
    final List<Call> senders = new ArrayList<>();
    final List<Call> receivers = new ArrayList<>();
    final List<Boolean> sendEnds = new ArrayList<>(List.of(true));
    final List<Boolean> receiveEnds = new ArrayList<>(List.of(true));
    final Map<Integer, String> outcomes = new HashMap<>();
    int peak;

    Model(int capacity) {
      this.capacity = capacity;
    }

    void send(Call call) {
      if (!sendEnds.get(call.end)) {
        outcomes.put(call.id, "closed");
      } else {
        senders.add(call);
        applyRules();
      }
    }

    void receive(Call call) {
      if (!receiveEnds.get(call.end)) {
        outcomes.put(call.id, "closed");
      } else {
        receivers.add(call);
        applyRules();
      }
    }

    /** A call that must not wait: it is made, and taken back if it would have to. */
    void withoutWaiting(Call call) {
      applyRules();
      if (senders.remove(call) | receivers.remove(call)) {
        outcomes.put(call.id, "would block");
      }
    }

    void cancel(int id) {
      if (senders.removeIf(call -> call.id == id) | receivers.removeIf(call -> call.id == id)) {
        outcomes.put(id, "cancelled");
      }
    }

    void close(List<Boolean> ends, List<Call> waiting, int end) {
      ends.set(end, false);
      waiting.stream().filter(call -> call.end == end)
          .forEach(call -> outcomes.put(call.id, "closed"));
      waiting.removeIf(call -> call.end == end);
      applyRules();
    }

    private void applyRules() {
      boolean changed = true;
      while (changed) {
        changed = give() || take() || handOver();
      }
      peak = Math.max(peak, buffer.size());
      if (!receiveEnds.contains(true)) {
        buffer.clear();
        endAll(senders, "broken");
      }
      if (!sendEnds.contains(true) && buffer.isEmpty()) {
        endAll(receivers, "ended");
      }
    }

    private void endAll(List<Call> calls, String how) {
      calls.forEach(call -> outcomes.put(call.id, how));
      calls.clear();
    }

    private boolean give() {
      if (buffer.isEmpty() || receivers.isEmpty()) {
        return false;
      }
      outcomes.put(receivers.removeFirst().id, "got " + buffer.removeFirst());
      return true;
    }

    private boolean take() {
      if (senders.isEmpty() || buffer.size() >= capacity || !receiveEnds.contains(true)) {
        return false;
      }
      Call call = senders.removeFirst();
      buffer.add(call.value);
      outcomes.put(call.id, "sent");
      return true;
    }

    private boolean handOver() {
      if (capacity > 0 || senders.isEmpty() || receivers.isEmpty()) {
        return false;
      }
      Call sender = senders.removeFirst();
      outcomes.put(sender.id, "sent");
      outcomes.put(receivers.removeFirst().id, "got " + sender.value);
      return true;
    }

    int open(List<Boolean> ends) {
      return (int) ends.stream().filter(open -> open).count();
    }
  }

  private interface ChannelCall {
    String run() throws IOException;
  }

  /** The real channel, and the same calls on both. */
  private static final class Both {
    final Model model;
    final List<MemorySendChannel<Integer>> sendEnds = new ArrayList<>();
    final List<MemoryReceiveChannel<Integer>> receiveEnds = new ArrayList<>();
    final Map<Integer, String> outcomes = new HashMap<>();
    final List<CancelScope> scopes = new ArrayList<>();
    final Nursery nursery;
    int calls;

    Both(int capacity, Nursery nursery) {
      MemoryChannel<Integer> channel = MemoryChannel.open(capacity);
      this.model = new Model(capacity);
      this.nursery = nursery;
      sendEnds.add(channel.sender());
      receiveEnds.add(channel.receiver());
    }

    /** A number says what to do and, by what is left after that, to whom. */
    void step(int number) {
      int which = number / 16;
      int sendEnd = which % sendEnds.size();
      int receiveEnd = which % receiveEnds.size();
      switch (number % 16) {
        case 0, 1, 2, 3 -> send(sendEnd);
        case 4, 5, 6, 7 -> receive(receiveEnd);
        case 8, 9 -> cancel(which);
        case 10 -> sendNowait(sendEnd);
        case 11 -> receiveNowait(receiveEnd);
        case 12 -> duplicateSender(sendEnd);
        case 13 -> duplicateReceiver(receiveEnd);
        case 14 -> {
          sendEnds.get(sendEnd).closeNow();
          model.close(model.sendEnds, model.senders, sendEnd);
        }
        default -> {
          receiveEnds.get(receiveEnd).closeNow();
          model.close(model.receiveEnds, model.receivers, receiveEnd);
        }
      }
    }

    private void send(int end) {
      Call call = new Call(calls++, end, calls);
      start(call, () -> {
        sendEnds.get(end).send(call.value);
        return "sent";
      });
      model.send(call);
    }

    private void receive(int end) {
      Call call = new Call(calls++, end, 0);
      start(call, () -> "got " + receiveEnds.get(end).receive());
      model.receive(call);
    }

    private void start(Call call, ChannelCall what) {
      CancelScope scope = new CancelScope();
      scopes.add(scope);
      nursery.startSoon(
          () -> {
            scope.enter(_ -> record(call, what));
            if (scope.cancelledCaught()) {
              outcomes.put(call.id, "cancelled");
            }
          });
      settle(); // it has come to its place in the line
    }

    private void record(Call call, ChannelCall what) {
      String outcome;
      try {
        outcome = what.run();
      } catch (ClosedResourceException closed) {
        outcome = "closed";
      } catch (BrokenResourceException broken) {
        outcome = "broken";
      } catch (EndOfChannelException end) {
        outcome = "ended";
      } catch (WouldBlockException full) {
        outcome = "would block";
      } catch (IOException unexpected) {
        throw new AssertionError(unexpected);
      }
      assertThat(outcomes.put(call.id, outcome)).isNull();
    }

    private void sendNowait(int end) {
      Call call = new Call(calls++, end, calls);
      scopes.add(new CancelScope());
      record(call, () -> {
        sendEnds.get(end).sendNowait(call.value);
        return "sent";
      });
      model.send(call);
      model.withoutWaiting(call);
    }

    private void receiveNowait(int end) {
      Call call = new Call(calls++, end, 0);
      scopes.add(new CancelScope());
      record(call, () -> "got " + receiveEnds.get(end).receiveNowait());
      model.receive(call);
      model.withoutWaiting(call);
    }

    private void cancel(int which) {
      if (!scopes.isEmpty()) {
        int id = which % scopes.size();
        scopes.get(id).cancel();
        model.cancel(id);
      }
    }

    private void duplicateSender(int end) {
      try {
        sendEnds.add(sendEnds.get(end).duplicate());
        model.sendEnds.add(true);
        assertThat(model.sendEnds.get(end)).isTrue();
      } catch (ClosedResourceException closed) {
        assertThat(model.sendEnds.get(end)).isFalse();
      }
    }

    private void duplicateReceiver(int end) {
      try {
        receiveEnds.add(receiveEnds.get(end).duplicate());
        model.receiveEnds.add(true);
        assertThat(model.receiveEnds.get(end)).isTrue();
      } catch (ClosedResourceException closed) {
        assertThat(model.receiveEnds.get(end)).isFalse();
      }
    }

    void assertSame() {
      assertThat(sendEnds.getFirst().statistics())
          .isEqualTo(
              new MemoryChannel.Statistics(
                  model.buffer.size(),
                  model.peak,
                  model.capacity,
                  model.open(model.sendEnds),
                  model.open(model.receiveEnds),
                  model.senders.size(),
                  model.receivers.size()));
    }

    void end() {
      for (int i = 0; i < sendEnds.size(); i++) {
        sendEnds.get(i).closeNow();
        model.close(model.sendEnds, model.senders, i);
      }
      for (int i = 0; i < receiveEnds.size(); i++) {
        receiveEnds.get(i).closeNow();
        model.close(model.receiveEnds, model.receivers, i);
      }
      settle();
      assertThat(outcomes).isEqualTo(model.outcomes).hasSize(calls);
    }
  }

  @Property(seed = "1", tries = 1000)
  void core_69_core_70_core_71_nothing_is_lost_duplicated_reordered_or_taken_out_of_turn(
      @ForAll @IntRange(max = 3) int capacity,
      @ForAll @Size(max = 80) List<@IntRange(max = 4095) Integer> steps) {
    Triad.run(
        () -> Triad.failAfter(
            PATIENCE,
            () -> Nursery.open(
                nursery -> {
                  Both both = new Both(capacity, nursery);
                  for (int step : steps) {
                    both.step(step);
                    both.assertSame();
                  }
                  both.end();
                })));
  }
}
