package io.triad.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class InboxTest {
  private final Inbox inbox = new Inbox();

  /** A message that can be told from others. */
  private record Numbered(int producer, int number) implements Runnable {
    @Override
    public void run() {
      throw new AssertionError("an inbox runs nothing");
    }
  }

  private List<Numbered> take() {
    List<Numbered> taken = new ArrayList<>();
    for (Inbox.Node node = inbox.takeAll(); node != null; node = node.next) {
      taken.add((Numbered) node.message);
    }
    return taken;
  }

  @Test
  void an_empty_inbox_gives_nothing() {
    assertThat(inbox.isEmpty()).isTrue();
    assertThat(inbox.takeAll()).isNull();
  }

  @Test
  void everything_is_taken_at_once_oldest_first() {
    List<Numbered> added = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      added.add(new Numbered(0, i));
      inbox.add(added.getLast());
      assertThat(inbox.isEmpty()).isFalse();
    }

    assertThat(take()).isEqualTo(added);
    assertThat(inbox.isEmpty()).isTrue();
    assertThat(inbox.takeAll()).isNull();
  }

  @Test
  void what_is_added_while_the_taken_is_read_comes_with_the_next_taking() {
    inbox.add(new Numbered(0, 0));
    Inbox.Node taken = inbox.takeAll();
    inbox.add(new Numbered(0, 1));

    assertThat(taken.next).isNull();
    assertThat(take()).containsExactly(new Numbered(0, 1));
  }

  @Test
  void the_messages_of_each_thread_come_in_their_order_and_none_is_lost() throws Exception {
    int producers = 4;
    int messages = 20_000;
    CountDownLatch ready = new CountDownLatch(producers);
    for (int p = 0; p < producers; p++) {
      int producer = p;
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                ready.countDown();
                for (int i = 0; i < messages; i++) {
                  inbox.add(new Numbered(producer, i));
                }
              });
    }
    ready.await();

    int[] next = new int[producers];
    for (int taken = 0; taken < producers * messages;) {
      for (Numbered message : take()) {
        assertThat(message.number).isEqualTo(next[message.producer]++);
        taken++;
      }
    }
    assertThat(next).containsOnly(messages);
    assertThat(inbox.isEmpty()).isTrue();
  }
}
