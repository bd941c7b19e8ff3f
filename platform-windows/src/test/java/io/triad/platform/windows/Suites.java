package io.triad.platform.windows;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import io.triad.Triad;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassNameFilter;
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
 * Runs suites where there is no Maven, and says what of them did not run and why.
 *
 * <pre>
 * Suites ENGINE LEAST SECONDS TAGS CANNOT NAME...
 *
 * ENGINE   how the engine must be called that Triad.explain() tells of
 * LEAST    how many tests must have run
 * SECONDS  after how many everything is ended, with a dump of the threads
 * TAGS     tests with one of these are left out
 * CANNOT   a file: a class or class#method, a tab, and why this machine cannot run it
 * NAME     a class, or a package followed by .*
 * </pre>
 *
 * <p>Exit status: 0 if no test failed, and all of that held.
 */
final class Suites implements TestExecutionListener {
  private static final int TOO_LONG = 3;

  /** What of the stack of a failure belongs to those who ran the test. */
  private static final Pattern OF_THE_RUNNER =
      Pattern
          .compile("\\s+at (org\\.junit\\.|java\\.base/(java\\.util|jdk\\.internal\\.reflect)).*");

  private final Map<String, String> cannot = new LinkedHashMap<>();
  private final Set<String> leftOut = new ConcurrentSkipListSet<>();
  private final Map<String, Integer> skips = new TreeMap<>();
  private final Set<String> running = new ConcurrentSkipListSet<>();
  private TestPlan plan;
  private int passed;
  private int failed;

  public static void main(String[] args) throws IOException {
    Suites suites = new Suites();
    String engine =
        Triad.explain().lines().filter(line -> line.startsWith("engine: ")).findFirst().orElse("");
    System.out.println(engine);
    suites.endAfter(Duration.ofSeconds(Long.parseLong(args[2])));
    suites.readCannot(Path.of(args[4]));
    suites.run(args[3], List.of(args).subList(5, args.length));
    boolean good = suites.report(Integer.parseInt(args[1]));
    if (!engine.startsWith("engine: " + args[0])) {
      System.out.println("this is not the engine " + args[0]);
      good = false;
    }
    System.exit(good ? 0 : 1);
  }

  private void readCannot(Path file) throws IOException {
    for (String line : Files.readAllLines(file)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] fields = line.split("\t", 2);
        cannot.put(fields[0], fields[1]);
      }
    }
  }

  private void run(String tags, List<String> names) {
    String wanted =
        names.stream()
            .map(
                name -> name.endsWith(".*")
                    ? Pattern.quote(packageOf(name)) + "\\.[A-Za-z0-9]+Test"
                    : Pattern.quote(name))
            .collect(Collectors.joining("|"));
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(
                names.stream().map(Suites::packageOf).distinct().map(p -> selectPackage(p))
                    .toList())
            .filters(
                ClassNameFilter.includeClassNamePatterns(wanted),
                EngineFilter.includeEngines("junit-jupiter"),
                TagFilter.excludeTags(tags.split(",")),
                (PostDiscoveryFilter) this::mayRun)
            .configurationParameter("junit.jupiter.execution.timeout.default", "60 s")
            .configurationParameter("junit.jupiter.execution.timeout.threaddump.enabled", "true")
            .build();
    LauncherFactory.create().execute(request, this);
  }

  private static String packageOf(String name) {
    return name.substring(0, name.lastIndexOf('.'));
  }

  private FilterResult mayRun(TestDescriptor test) {
    if (test.getSource().orElse(null) instanceof MethodSource method) {
      for (String name : List.of(
          method.getClassName() + "#" + method.getMethodName(), method.getClassName())) {
        String reason = cannot.get(name);
        if (reason != null) {
          if (leftOut.add(method.getClassName() + "#" + method.getMethodName())) {
            skips.merge(reason, 1, Integer::sum);
          }
          return FilterResult.excluded(reason);
        }
      }
    }
    return FilterResult.included(null);
  }

  /** Ends the virtual machine when it has taken too long, after saying where it stands. */
  private void endAfter(Duration limit) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                Thread.sleep(limit);
              } catch (InterruptedException e) {
                return;
              }
              System.out.println("no end after " + limit.toSeconds() + " s; running: " + running);
              Thread.getAllStackTraces()
                  .forEach(
                      (thread, stack) -> {
                        System.out.println(thread);
                        for (StackTraceElement element : stack) {
                          System.out.println("    at " + element);
                        }
                      });
              System.out.flush();
              Runtime.getRuntime().halt(TOO_LONG);
            });
  }

  // ---- what happens ----

  @Override
  public void testPlanExecutionStarted(TestPlan testPlan) {
    plan = testPlan;
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    if (test.isTest()) {
      running.add(nameOf(test));
    }
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    int tests =
        (int) plan.getDescendants(test).stream().filter(TestIdentifier::isTest).count();
    skips.merge(reason, Math.max(1, tests), Integer::sum);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    running.remove(nameOf(test));
    switch (result.getStatus()) {
      case SUCCESSFUL -> passed += test.isTest() ? 1 : 0;
      case ABORTED ->
          skips.merge(
              result.getThrowable().map(Throwable::getMessage).orElse("aborted"), 1, Integer::sum);
      case FAILED -> {
        failed++;
        System.out.println("FAILED " + nameOf(test));
        result.getThrowable().ifPresent(Suites::print);
      }
    }
  }

  private static String nameOf(TestIdentifier test) {
    return test.getSource()
        .map(
            source -> source instanceof MethodSource method
                ? method.getClassName() + "#" + method.getMethodName()
                : source.toString())
        .orElse("")
        + " "
        + test.getDisplayName();
  }

  private static void print(Throwable throwable) {
    StringWriter text = new StringWriter();
    throwable.printStackTrace(new PrintWriter(text));
    text.toString()
        .lines()
        .filter(line -> !OF_THE_RUNNER.matcher(line).matches())
        .forEach(line -> System.out.println("    " + line));
  }

  private boolean report(int least) {
    List<String> wrong = new ArrayList<>();
    cannot.keySet().stream()
        .filter(name -> !exists(name))
        .forEach(name -> wrong.add("there is no " + name + " to be left out"));
    if (passed + failed < least) {
      wrong.add("hardly any tests: at least " + least + " were expected");
    }
    int skipped = skips.values().stream().mapToInt(Integer::intValue).sum();
    skips.forEach((reason, count) -> System.out.println("skipped " + count + ": " + reason));
    System.out.println(
        (passed + failed) + " tests run, " + failed + " failed, " + skipped + " skipped");
    wrong.forEach(System.out::println);
    return failed == 0 && wrong.isEmpty();
  }

  /** Whether there is such a test: in whichever plan, because a list may serve several. */
  private static boolean exists(String name) {
    String[] parts = name.split("#", 2);
    try {
      return parts.length == 1
          ? Class.forName(parts[0]) != null
          : Stream.of(Class.forName(parts[0]).getDeclaredMethods())
              .anyMatch(method -> method.getName().equals(parts[1]));
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
