package io.triad.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.Action;
import io.triad.CancelScope;
import io.triad.ExceptionGroup;
import io.triad.Triad;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens to a test that does not end although its time is over, and how groups are shown. */
@Timeout(60)
final class TestBodyTest {
  private static final Duration SHORT = Duration.ofMillis(20);

  /** Hears what is logged, and is open from then on. */
  private static final class Complaints extends Handler {
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final CountDownLatch heard = new CountDownLatch(1);

    @Override
    public void publish(LogRecord record) {
      texts.add(new SimpleFormatter().formatMessage(record));
      heard.countDown();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private interface Stubborn {
    void run(Complaints complaints) throws Exception;
  }

  /** Runs a test that ends only when it has been complained about. */
  private static String complaintAbout(Stubborn body) {
    Logger logger = Logger.getLogger("io.triad.testing");
    Complaints complaints = new Complaints();
    logger.addHandler(complaints);
    logger.setUseParentHandlers(false);
    try {
      assertThatExceptionOfType(AssertionError.class)
          .isThrownBy(() -> new TestBody(() -> body.run(complaints), null, SHORT, SHORT).run())
          .withMessageContaining("the test took longer than 20 ms");
    } finally {
      logger.removeHandler(complaints);
      logger.setUseParentHandlers(true);
    }
    assertThat(complaints.texts).hasSize(1);
    return complaints.texts.getFirst();
  }

  @Test
  void a_test_that_does_not_let_others_run_is_complained_about() {
    assertThat(
        complaintAbout(
            complaints -> {
              while (complaints.heard.getCount() > 0) {
                Thread.onSpinWait();
              }
              Triad.sleepForever();
            }))
        .contains("some task does not let the others run")
        .contains("io.triad.loop.Loop.run");
  }

  @Test
  void a_test_that_is_cancelled_in_vain_is_complained_about() {
    assertThat(
        complaintAbout(
            complaints -> CancelScope.open(
                scope -> {
                  scope.setShield(true);
                  while (complaints.heard.getCount() > 0) {
                    Triad.sleep(Duration.ofMillis(1));
                  }
                })))
        .contains("was cancelled, and does not end")
        .contains("TestBodyTest");
  }

  @Test
  void without_a_limit_there_is_no_alarm() throws Exception {
    new TestBody(() -> Triad.sleep(SHORT), null, Duration.ZERO, Duration.ZERO).run();
  }

  @Test
  void a_group_of_one_is_taken_away_unless_something_hangs_on_it() {
    IOException only = new IOException();
    ExceptionGroup one = new ExceptionGroup("inner", List.of(only));
    assertThat(TestBody.withoutGroups(new ExceptionGroup("outer", List.of(one)))).isSameAs(only);
    ExceptionGroup two = new ExceptionGroup("two", List.of(only, new IOException()));
    assertThat(TestBody.withoutGroups(new ExceptionGroup("outer", List.of(two)))).isSameAs(two);
    one.addSuppressed(new IOException());
    assertThat(TestBody.withoutGroups(new ExceptionGroup("outer", List.of(one)))).isSameAs(one);
  }

  @Test
  void what_the_body_throws_comes_out_as_itself() {
    IOException failure = new IOException();
    Action<Exception> body =
        () -> {
          throw failure;
        };
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> new TestBody(body, null, SHORT.multipliedBy(1000), SHORT).run())
        .isSameAs(failure);
  }
}
