import io.triad.Triad;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs classes of tests where neither Maven nor a terminal is: in another kernel, on another
 * processor. Prints what {@code Triad.explain()} says there, a line for each class, the reason of
 * whatever is skipped, the stack of whatever fails, and the sum in a last line.
 *
 * <p>Arguments: seconds after which it is called stuck, and a file. That has the names of the classes,
 * one in a line; and lines {@code not METHOD: REASON} for what cannot pass there, through no fault of
 * ours. Exit status: 0 if all tests passed and there were some, 1 if not, 3 if it was stuck; then the
 * threads are printed.
 */
final class SuiteRun implements TestExecutionListener {
  private static final PrintStream OUT = System.out;
  private static final Pattern EXCEPTION = Pattern.compile("not (\\w+): (.+)");

  private final Map<String, String> exceptions = new HashMap<>();
  private final AtomicReference<String> running = new AtomicReference<>("nothing yet");
  private final List<TestIdentifier> path = new ArrayList<>();
  private final long began = System.nanoTime();

  private TestPlan plan;
  private long classBegan;
  private int before;
  private int passed;
  private int failed;
  private int skipped;

  private SuiteRun() {}

  public static void main(String[] arguments) throws IOException {
    SuiteRun run = new SuiteRun();
    run.watch(Integer.parseInt(arguments[0]));
    Triad.explain().lines().forEach(line -> OUT.println("explain: " + line));
    List<ClassSelector> classes = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(arguments[1]))) {
      Matcher exception = EXCEPTION.matcher(line);
      if (exception.matches()) {
        run.exceptions.put(exception.group(1), exception.group(2));
      } else {
        classes.add(DiscoverySelectors.selectClass(line));
      }
    }
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(classes)
            .filters(
                EngineFilter.includeEngines("junit-jupiter"),
                TagFilter.excludeTags("soak"),
                (PostDiscoveryFilter) run::includes)
            // They are for processors that are not emulated; watch() has the only limit here.
            .configurationParameter("junit.jupiter.execution.timeout.mode", "disabled")
            .build();
    LauncherFactory.create().execute(request, run);
    OUT.printf(
        "tests: %d passed, %d failed, %d skipped%n", run.passed, run.failed, run.skipped);
    OUT.flush();
    Runtime.getRuntime().halt(run.failed == 0 && run.passed > 0 ? 0 : 1);
  }

  private FilterResult includes(TestDescriptor test) {
    String method =
        test.getSource()
            .filter(MethodSource.class::isInstance)
            .map(source -> ((MethodSource) source).getMethodName())
            .orElse("");
    String reason = exceptions.get(method);
    if (reason == null) {
      return FilterResult.included("");
    }
    skipped++;
    OUT.println("skipped: " + method + ": " + reason);
    return FilterResult.excluded(reason);
  }

  /** A hang must end in the stacks of all threads, not in silence. */
  private void watch(int seconds) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                Thread.sleep(seconds * 1000L);
              } catch (InterruptedException e) {
                throw new AssertionError("nobody interrupts this thread", e);
              }
              OUT.println("FAILED: stuck after " + seconds + " s in " + running.get());
              for (var thread :
                  ManagementFactory.getThreadMXBean().dumpAllThreads(true, true, 40)) {
                OUT.print(thread);
              }
              OUT.flush();
              Runtime.getRuntime().halt(3);
            });
  }

  @Override
  public void testPlanExecutionStarted(TestPlan started) {
    plan = started;
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    path.add(test);
    if (isClass(test)) {
      classBegan = System.nanoTime();
      before = passed + failed + skipped;
    }
    if (test.isTest()) {
      running.set(name(test));
    }
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    // A container stands for the tests in it.
    long tests =
        test.isTest()
            ? 1
            : plan.getDescendants(test).stream().filter(TestIdentifier::isTest).count();
    skipped += (int) Math.max(1, tests);
    OUT.println("skipped: " + name(test) + ": " + reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    switch (result.getStatus()) {
      case SUCCESSFUL -> passed += test.isTest() ? 1 : 0;
      case ABORTED -> {
        skipped++;
        OUT.println("skipped: " + name(test) + ": " + firstLine(result));
      }
      case FAILED -> {
        failed++;
        OUT.println("FAILED: " + name(test));
        result.getThrowable().ifPresent(failure -> failure.printStackTrace(OUT));
      }
    }
    path.remove(test);
    if (isClass(test)) {
      long now = System.nanoTime();
      OUT.printf(
          Locale.ROOT,
          "%s: %d tests in %.1f s (%.0f s)%n",
          test.getDisplayName(),
          passed + failed + skipped - before,
          (now - classBegan) / 1e9,
          (now - began) / 1e9);
    }
  }

  /** The second level: below the engine, above parameters, nested classes, and methods. */
  private static boolean isClass(TestIdentifier test) {
    return test.getUniqueIdObject().getSegments().size() == 2;
  }

  private String name(TestIdentifier test) {
    List<String> names = new ArrayList<>();
    for (TestIdentifier each : path) {
      if (each.getUniqueIdObject().getSegments().size() > 1 && each != test) {
        names.add(each.getDisplayName());
      }
    }
    names.add(test.getDisplayName());
    return String.join(" > ", names);
  }

  private static String firstLine(TestExecutionResult result) {
    return result
        .getThrowable()
        .map(Throwable::getMessage)
        .flatMap(message -> message.lines().findFirst())
        .orElse("no reason given");
  }
}
