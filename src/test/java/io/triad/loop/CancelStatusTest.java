package io.triad.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The tree without fibers; who is woken is looked at by {@code CancellationModelTest}. */
final class CancelStatusTest {

  /** A node beside what the model knows of it. */
  private static final class Node extends CancelStatus {
    private Node modelParent;
    private boolean modelRequested;
    private boolean modelShield;
    private int modelChildren;

    @Override
    protected Error cancelled() {
      throw new AssertionError("there is nobody to cancel");
    }

    /** The definition: a request is in sight, looking outwards up to the first shield. */
    private boolean isReached() {
      for (Node node = this; node != null; node = node.modelShield ? null : node.modelParent) {
        if (node.modelRequested) {
          return true;
        }
      }
      return false;
    }

    private boolean isBelow(Node other) {
      for (Node node = this; node != null; node = node.modelParent) {
        if (node == other) {
          return true;
        }
      }
      return false;
    }

    private void attachBoth(Node newParent) {
      attach(newParent);
      if (modelParent != null) {
        modelParent.modelChildren--;
      }
      modelParent = newParent;
      if (newParent != null) {
        newParent.modelChildren++;
      }
    }
  }

  @Property(seed = "1", tries = 200)
  void what_is_kept_agrees_with_the_definition(@ForAll long seed) {
    Random random = new Random(seed);
    List<Node> nodes = new ArrayList<>(List.of(new Node()));
    for (int step = 0; step < 200; step++) {
      Node node = nodes.get(random.nextInt(nodes.size()));
      switch (random.nextInt(7)) {
        case 0, 1 -> {
          Node child = new Node();
          child.attachBoth(node);
          nodes.add(child);
        }
        case 2 -> {
          if (random.nextInt(4) == 0) {
            node.request();
            node.modelRequested = true;
          }
        }
        case 3 -> setShield(node, true);
        case 4 -> setShield(node, false);
        case 5 -> {
          Node target = nodes.get(random.nextInt(nodes.size()));
          if (!target.isBelow(node)) {
            node.attachBoth(target);
          }
        }
        default -> {
          if (node.modelChildren == 0 && node != nodes.getFirst()) {
            close(node);
            nodes.remove(node);
          }
        }
      }
      assertThat(nodes).allMatch(each -> each.effectivelyCancelled() == each.isReached());
      assertThat(nodes)
          .allMatch(
              each -> each.cancelledFromOutside()
                  == (!each.modelShield
                      && each.modelParent != null
                      && each.modelParent.isReached()));
      assertThat(nodes).allMatch(each -> each.parent() == each.modelParent);
    }
  }

  private static void setShield(Node node, boolean shield) {
    node.setShield(shield);
    node.modelShield = shield;
    assertThat(node.shield()).isEqualTo(shield);
  }

  private static void close(Node node) {
    node.close();
    assertThat(node.parent()).isNull();
    node.modelParent.modelChildren--;
  }

  @Test
  @Timeout(30)
  void core_34_a_change_crosses_a_hundred_thousand_levels_without_recursion() {
    Node root = new Node();
    Node innermost = root;
    for (int depth = 0; depth < 100_000; depth++) {
      Node child = new Node();
      child.attach(innermost);
      innermost = child;
    }
    Node shield = (Node) innermost.parent().parent();

    shield.setShield(true);
    root.request();
    assertThat(innermost.effectivelyCancelled()).isFalse();
    shield.setShield(false);
    assertThat(innermost.effectivelyCancelled()).isTrue();
  }

  @Test
  @Timeout(30)
  void what_is_attached_to_a_cancelled_node_is_cancelled_and_what_leaves_it_is_not() {
    Node cancelled = new Node();
    cancelled.request();
    cancelled.request();
    Node parent = new Node();
    Node child = new Node();
    child.attach(parent);

    parent.attach(cancelled);
    assertThat(child.effectivelyCancelled()).isTrue();
    assertThat(parent.requested()).isFalse();
    parent.attach(new Node());
    assertThat(child.effectivelyCancelled()).isFalse();
  }
}
