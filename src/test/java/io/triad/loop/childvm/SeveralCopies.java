package io.triad.loop.childvm;

import java.io.File;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Loads Triad into several class loaders, as a container of applications does. Each copy has to
 * find its way on its own, and each has to work.
 */
public final class SeveralCopies {

  private final URL triad;

  private SeveralCopies(URL triad) {
    this.triad = triad;
  }

  /**
   * Takes where Triad is, how many copies to make, and {@code together} or {@code in-turn}: whether
   * they start at the same time.
   */
  public static void main(String[] arguments) throws Exception {
    SeveralCopies copies = new SeveralCopies(new File(arguments[0]).toURI().toURL());
    int count = Integer.parseInt(arguments[1]);
    boolean together = arguments[2].equals("together");
    copies.run(count, together);
  }

  private void run(int count, boolean together) throws Exception {
    CyclicBarrier start = new CyclicBarrier(together ? count : 1);
    TreeMap<String, Integer> outcomes = new TreeMap<>();
    TreeSet<Integer> identities = new TreeSet<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(together ? count : 1)) {
      List<Future<String>> results = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Class<?> access = newCopy();
        identities.add(System.identityHashCode(access));
        Callable<String> proof =
            () -> {
              start.await();
              return prove(access);
            };
        results.add(threads.submit(proof));
      }
      for (Future<String> result : results) {
        outcomes.merge(result.get(), 1, Integer::sum);
      }
    }
    System.out.println("copies: " + identities.size());
    System.out.println(outcomes);
  }

  private Class<?> newCopy() throws ClassNotFoundException {
    // Never closed: the copy lives as long as this program.
    @SuppressWarnings("resource")
    URLClassLoader loader =
        new URLClassLoader(new URL[] {triad}, ClassLoader.getPlatformClassLoader());
    return Class.forName("io.triad.loop.SchedulerAccess", false, loader);
  }

  private static String prove(Class<?> access) throws Exception {
    Method currentCarrier = access.getMethod("currentCarrier");
    QueueLoop loop = new QueueLoop();
    Object[] seen = new Object[1];
    var builder =
        (Thread.Builder.OfVirtual) access.getMethod("builder", Executor.class).invoke(null, loop);
    Thread virtual =
        builder.start(
            () -> {
              try {
                seen[0] = currentCarrier.invoke(null);
              } catch (ReflectiveOperationException e) {
                seen[0] = e;
              }
            });
    loop.runUntil(() -> !virtual.isAlive());
    boolean onLoop = seen[0] instanceof Thread carrier && loop.isRunBy(carrier);
    return access.getMethod("rung").invoke(null)
        + (onLoop ? " on its loop" : " elsewhere: " + seen[0]);
  }
}
