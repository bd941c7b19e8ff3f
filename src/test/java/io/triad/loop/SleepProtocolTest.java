package io.triad.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** The state table, row by row; that no interleaving misses a message is shown by jcstress. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class SleepProtocolTest {
  private final SleepProtocol sleep = new SleepProtocol();

  @Test
  void an_awake_loop_needs_no_wake_up() {
    assertThat(sleep.mustWake()).isFalse();
  }

  @Test
  void a_loop_that_found_nothing_may_wait_and_is_woken_once() {
    assertThat(sleep.prepareToSleep(() -> true)).isTrue();

    assertThat(sleep.mustWake()).isTrue();
    assertThat(sleep.mustWake()).as("the second message").isFalse();
  }

  @Test
  void a_loop_that_found_something_must_not_wait() {
    assertThat(sleep.prepareToSleep(() -> false)).isFalse();

    assertThat(sleep.mustWake()).isFalse();
  }

  @Test
  void a_message_that_comes_while_the_loop_looks_wakes_it() {
    assertThat(
        sleep.prepareToSleep(
            () -> {
              assertThat(sleep.mustWake()).isTrue();
              return true; // too early to see it
            }))
        .isTrue();
  }

  @Test
  void after_the_wait_no_wake_up_is_needed_whatever_ended_it() {
    assertThat(sleep.prepareToSleep(() -> true)).isTrue();
    sleep.awake();
    assertThat(sleep.mustWake()).isFalse();

    assertThat(sleep.prepareToSleep(() -> true)).isTrue();
    assertThat(sleep.mustWake()).isTrue();
    sleep.awake();
    assertThat(sleep.mustWake()).isFalse();
    assertThat(sleep.prepareToSleep(() -> true)).as("it can sleep again").isTrue();
  }

  @Test
  void a_loop_that_sleeps_whenever_it_may_gets_every_message() throws Exception {
    int producers = 3;
    int messages = 5_000;
    Inbox inbox = new Inbox();
    Semaphore wakeUps = new Semaphore(0);
    AtomicInteger written = new AtomicInteger();
    for (int p = 0; p < producers; p++) {
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                for (int i = 0; i < messages; i++) {
                  inbox.add(() -> {});
                  if (sleep.mustWake()) {
                    written.incrementAndGet();
                    wakeUps.release();
                  }
                }
              });
    }

    int sleeps = 0;
    for (int taken = 0; taken < producers * messages;) {
      if (sleep.prepareToSleep(inbox::isEmpty)) {
        wakeUps.acquire(); // a message that was missed would leave us here for ever
        sleeps++;
      }
      sleep.awake();
      for (Inbox.Node node = inbox.takeAll(); node != null; node = node.next) {
        taken++;
      }
    }
    assertThat(written.get()).isLessThanOrEqualTo(producers * messages);
    assertThat(sleeps).isLessThanOrEqualTo(written.get());
  }
}
