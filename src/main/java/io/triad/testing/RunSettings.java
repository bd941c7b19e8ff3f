package io.triad.testing;

import java.lang.reflect.Method;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** What {@link TriadTest} or {@link InRun} say about a test. */
record RunSettings(
    boolean autojump, long autojumpThresholdMillis, long timeoutMillis, boolean checkLeaks) {

  RunSettings {
    if (autojumpThresholdMillis < 0 || timeoutMillis < 0) {
      throw new IllegalArgumentException("times must be >= 0, not " + autojumpThresholdMillis
          + " and " + timeoutMillis);
    }
  }

  /** Those of a test; defaults where the extension is registered without either annotation. */
  static RunSettings of(ExtensionContext context) {
    Method method = context.getRequiredTestMethod();
    return AnnotationSupport.findAnnotation(method, TriadTest.class)
        .map(RunSettings::of)
        .or(() -> AnnotationSupport.findAnnotation(method, InRun.class).map(RunSettings::of))
        .or(() -> ofClass(context))
        .orElseGet(() -> new RunSettings(false, 0, 60_000, true));
  }

  private static Optional<RunSettings> ofClass(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(
        context.getRequiredTestClass(), InRun.class, context.getEnclosingTestClasses())
        .map(RunSettings::of);
  }

  private static RunSettings of(TriadTest test) {
    return new RunSettings(
        test.autojump(), test.autojumpThresholdMillis(), test.timeoutMillis(), test.checkLeaks());
  }

  private static RunSettings of(InRun run) {
    return new RunSettings(
        run.autojump(), run.autojumpThresholdMillis(), run.timeoutMillis(), run.checkLeaks());
  }
}
