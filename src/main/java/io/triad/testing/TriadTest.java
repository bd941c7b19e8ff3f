package io.triad.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A JUnit test whose method is the main task of a fresh run; see {@link TriadExtension} for what it
 * gets and what is checked. The method needs no other annotation:
 *
 * <pre>{@code
 * @TriadTest(autojump = true)
 * void retries_after_an_hour(Nursery nursery, MockClock clock) {
 *   nursery.startSoon(client::run);
 *   Triad.sleep(Duration.ofHours(1));
 *   assertEquals(2, server.attempts());
 * }
 * }</pre>
 *
 * <p>For parameterized and repeated tests, and for all tests of a class, there is {@link InRun}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Test
@ExtendWith(TriadExtension.class)
public @interface TriadTest {
  /**
   * Returns whether the run has a {@link MockClock} that jumps to the next deadline when all tasks
   * are blocked.
   *
   * @return whether; by default not
   */
  boolean autojump() default false;

  /**
   * Returns how long all tasks must be blocked before that clock jumps.
   *
   * @return real milliseconds, 0 or more; without meaning unless {@link #autojump} is true
   */
  long autojumpThresholdMillis() default 0;

  /**
   * Returns how long the test may take. After that its tasks are listed in the failure, and
   * cancelled.
   *
   * @return real milliseconds, whatever clock the run has; 0 for no limit
   */
  long timeoutMillis() default 60_000;

  /**
   * Returns whether it is checked that the test leaves no descriptor open.
   *
   * @return whether; by default it is
   */
  boolean checkLeaks() default true;
}
