package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LedgerTest {
  private final Ledger ledger = new Ledger();

  @Test
  void every_operation_has_a_slot_of_its_own_and_freed_slots_come_again() {
    SplittableRandom random = new SplittableRandom(1);
    List<Integer> taken = new ArrayList<>();
    List<Recording> operations = new ArrayList<>();
    int highest = 0;
    int most = 0;
    for (int i = 0; i < 20_000; i++) {
      if (taken.isEmpty() || random.nextInt(100) < 52) {
        Recording operation = new Recording();
        int slot = ledger.add(operation);
        taken.add(slot);
        operations.add(operation);
        highest = Math.max(highest, slot);
        most = Math.max(most, taken.size());
      } else {
        int index = random.nextInt(taken.size());
        ledger.remove(taken.remove(index));
        operations.remove(index);
      }
      assertThat(ledger.size()).isEqualTo(taken.size());
    }
    Set<Integer> distinct = new HashSet<>(taken);
    assertThat(distinct).hasSameSizeAs(taken);
    for (int i = 0; i < taken.size(); i++) {
      assertThat(ledger.get(taken.get(i))).isSameAs(operations.get(i));
    }
    assertThat(most).as("the ledger has grown").isGreaterThan(256);
    assertThat(highest).as("freed slots were used first").isEqualTo(most - 1);
  }

  @Test
  void a_completion_for_a_free_slot_is_an_error() {
    int slot = ledger.add(new Recording());
    ledger.remove(slot);
    assertThatIllegalStateException().isThrownBy(() -> ledger.get(slot));
  }
}
