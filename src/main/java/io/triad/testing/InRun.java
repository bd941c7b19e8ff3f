package io.triad.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Makes a test method, or each of a class and its nested classes, the main task of a fresh run; see
 * {@link TriadExtension}. It stands beside the annotation that makes the method a test:
 *
 * <pre>{@code
 * @InRun(autojump = true)
 * @ParameterizedTest
 * @ValueSource(ints = {1, 60, 3600})
 * void gives_up_in_time(int seconds, MockClock clock) { … }
 * }</pre>
 *
 * <p>{@link TriadTest} is this one together with {@code @Test}. The annotation of the method counts
 * before the one of its class.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
@ExtendWith(TriadExtension.class)
public @interface InRun {
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
   * Returns how long the test may take; see {@link TriadTest#timeoutMillis}.
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
