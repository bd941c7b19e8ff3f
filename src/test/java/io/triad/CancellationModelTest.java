package io.triad;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A tree of tasks, each asleep in a scope of its own around the nursery of its children, against a
 * model that works out from the definition alone who must have been woken.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class CancellationModelTest {
  private static final int TASKS = 40;
  private static final int CHANGES = 60;

  /** One task, and what the model knows of its scope. */
  private static final class Node {
    final CancelScope scope = new CancelScope();
    final Node parent;
    final List<Node> children = new ArrayList<>();
    final CancelScope end = new CancelScope().setShield(true);
    boolean cancelled;
    boolean shield;
    boolean mustHaveBeenWoken;
    boolean woken;

    Node(Node parent) {
      this.parent = parent;
      if (parent != null) {
        parent.children.add(this);
      }
    }

    /** The definition: a cancelled scope is in sight, looking outwards up to the first shield. */
    boolean isReached() {
      for (Node node = this; node != null; node = node.shield ? null : node.parent) {
        if (node.cancelled) {
          return true;
        }
      }
      return false;
    }

    void run() {
      scope.enter(
          _ -> Nursery.open(
              nursery -> {
                for (Node child : children) {
                  nursery.startSoon(child::run);
                }
                try {
                  Triad.sleepForever();
                } catch (Cancelled cancellation) {
                  woken = true;
                  stayAround();
                  throw cancellation;
                }
              }));
    }

    /** Keeps the tree as it is, so that changes go on to mean something. */
    private void stayAround() {
      end.enter(_ -> Triad.sleepForever());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void core_18_core_25_who_sleeps_is_woken_exactly_when_a_cancellation_can_be_seen(long seed) {
    Random random = new Random(seed);
    List<Node> nodes = new ArrayList<>();
    nodes.add(new Node(null));
    while (nodes.size() < TASKS) {
      nodes.add(new Node(nodes.get(random.nextInt(nodes.size()))));
    }
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(() -> nodes.getFirst().run());
              for (int i = 0; i < TASKS; i++) {
                Triad.checkpoint(); // one level of the tree begins in each batch
              }
              for (int i = 0; i < CHANGES; i++) {
                change(nodes.get(random.nextInt(TASKS)), random);
                nodes.forEach(node -> node.mustHaveBeenWoken |= node.isReached());
                Steps.settle();
                assertThat(nodes)
                    .as("after change %d", i)
                    .allMatch(node -> node.woken == node.mustHaveBeenWoken);
              }
              finish(nodes);
            }));
  }

  private static void change(Node node, Random random) {
    switch (random.nextInt(8)) {
      case 0 -> {
        node.cancelled = true;
        node.scope.cancel();
      }
      case 1, 2, 3, 4 -> {
        node.shield = true;
        node.scope.setShield(true);
      }
      default -> {
        node.shield = false;
        node.scope.setShield(false);
      }
    }
  }

  private static void finish(List<Node> nodes) {
    for (Node node : nodes) {
      node.scope.setShield(false);
    }
    nodes.getFirst().scope.cancel();
    Steps.settle();
    nodes.forEach(node -> node.end.cancel());
  }
}
