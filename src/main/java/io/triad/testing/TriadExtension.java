package io.triad.testing;

import io.triad.Clock;
import io.triad.ExceptionGroup;
import io.triad.Nursery;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * The JUnit extension behind {@link TriadTest} and {@link InRun}. The body of each test is the main
 * task of a run of its own; methods before and after it are not part of the run (TEST-19).
 *
 * <p>The test may have parameters:
 *
 * <ul>
 *   <li>a {@link MockClock} is the clock of the run. Methods annotated with {@code @BeforeEach} and
 *       {@code @AfterEach} get the same one. Without such a parameter, and without {@link
 *       TriadTest#autojump}, the run has the clock of the system;
 *   <li>a {@link Nursery} takes tasks that serve the test. It is cancelled when the test method
 *       returns, and what fails in it fails the test.
 * </ul>
 *
 * <p>A test fails if
 *
 * <ul>
 *   <li>its method throws. An {@link ExceptionGroup} that holds only one exception, at any depth, is
 *       replaced by that one, so that reports show it as if there had been no nursery;
 *   <li>it takes longer than {@link TriadTest#timeoutMillis}, in real time. The message lists the
 *       tasks with their stacks, and the test is then cancelled. Where that does not end it, a
 *       warning is logged: JUnit's {@code @Timeout} with a thread of its own can give it up;
 *   <li>it leaves an operation in flight: some stream or listener was not closed;
 *   <li>it leaves more descriptors open than before. This is not looked at where tests run
 *       concurrently, when nobody could say whose they are.
 * </ul>
 *
 * <p>The body runs on a virtual thread and not on JUnit's, so thread-locals that other extensions set
 * are not seen by it. With a {@code Nursery} among the parameters, this extension calls the method
 * itself, and interceptors registered after it are passed over.
 *
 * <p>To use it, have {@code org.junit.jupiter:junit-jupiter} among your own dependencies: nothing
 * else in Triad needs it.
 */
public final class TriadExtension implements InvocationInterceptor, ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(TriadExtension.class);

  /** Made by JUnit. */
  public TriadExtension() {}

  // ---- parameters ----

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return (type == MockClock.class && context.getTestMethod().isPresent())
        || (type == Nursery.class && isTestItself(parameter, context));
  }

  private static boolean isTestItself(ParameterContext parameter, ExtensionContext context) {
    return context
        .getTestMethod()
        .filter(test -> test.equals(parameter.getDeclaringExecutable()))
        .isPresent();
  }

  /** The nursery is opened within the run, so until then there is nothing in its place. */
  @Override
  public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    List<Parameter> all = List.of(parameter.getDeclaringExecutable().getParameters());
    if (all.stream().filter(each -> each.getType() == type).count() > 1) {
      throw new ParameterResolutionException(
          type == Nursery.class
              ? "too many nurseries: one is enough for all tasks of a test"
              : "too many clocks: a run has one");
    }
    return type == Nursery.class ? null : clock(context);
  }

  private static MockClock clock(ExtensionContext context) {
    return context
        .getStore(NAMESPACE)
        .computeIfAbsent(MockClock.class, _ -> newClock(RunSettings.of(context)), MockClock.class);
  }

  private static MockClock newClock(RunSettings settings) {
    MockClock clock = new MockClock();
    if (settings.autojump()) {
      clock.setAutojumpThreshold(Duration.ofMillis(settings.autojumpThresholdMillis()));
    }
    return clock;
  }

  // ---- running ----

  @Override
  public void interceptTestMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> call,
      ExtensionContext context)
      throws Throwable {
    run(invocation, call, context);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> call,
      ExtensionContext context)
      throws Throwable {
    run(invocation, call, context);
  }

  private static void run(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> call,
      ExtensionContext context)
      throws Throwable {
    RunSettings settings = RunSettings.of(context);
    Clock clock = settings.autojump()
        ? clock(context)
        : context.getStore(NAMESPACE).get(MockClock.class, MockClock.class);
    Duration limit = Duration.ofMillis(settings.timeoutMillis());
    TestBody body = new TestBody(() -> proceed(invocation, call), clock, limit, TestBody.GRACE);
    if (settings.checkLeaks() && context.getExecutionMode() == ExecutionMode.SAME_THREAD) {
      OpenDescriptors before = OpenDescriptors.now();
      body.run();
      before.checkNoMore();
    } else {
      body.run();
    }
  }

  /** Calls the test method, in the main task of the run. */
  private static void proceed(
      Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> call)
      throws Exception {
    try {
      int place = placeOfNursery(call.getExecutable());
      if (place < 0) {
        invocation.proceed();
      } else {
        invocation.skip();
        Nursery.open(
            nursery -> {
              Object[] arguments = call.getArguments().toArray();
              arguments[place] = nursery;
              ReflectionSupport.invokeMethod(
                  call.getExecutable(), call.getTarget().orElse(null), arguments);
              nursery.cancelScope().cancel("the test method has returned");
            });
      }
    } catch (Throwable thrown) {
      throw Thrown.<Exception>asIs(thrown);
    }
  }

  private static int placeOfNursery(Method method) {
    return Arrays.asList(method.getParameterTypes()).indexOf(Nursery.class);
  }
}
