package io.triad.examples;

import io.triad.Triad;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * An echo server on Triad beside the same server on JDK virtual threads, in a process each, driven
 * in turns over real loopback connections. Every byte is checked.
 */
@Command(name = "demo", description = "Compares an echo server on Triad with one on the JDK alone.")
final class Demo implements Callable<Integer> {
  private static final int ROUNDS = 5;
  private static final double WARM_UP_SECONDS = 1.5;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      description = "how long each server is measured (default: ${DEFAULT-VALUE})")
  private double seconds;

  @Option(
      names = "--connections",
      defaultValue = "64",
      description = "how many connections (default: ${DEFAULT-VALUE})")
  private int connections;

  @Option(
      names = "--bytes",
      defaultValue = "64",
      description = "the size of a message (default: ${DEFAULT-VALUE})")
  private int bytes;

  @Override
  public Integer call() throws IOException {
    try (DemoServer triad = DemoServer.start("Triad", "echo-server");
        DemoServer jdk = DemoServer.start("JDK virtual threads", "jdk-echo-server")) {
      List<DemoServer> servers = List.of(triad, jdk);
      for (DemoServer server : servers) {
        drive(server, WARM_UP_SECONDS, "warming up");
        server.forget();
      }
      for (int round = 1; round <= ROUNDS; round++) {
        for (DemoServer server : servers) {
          drive(server, seconds / ROUNDS, "round " + round + " of " + ROUNDS);
        }
      }
      System.out.printf("%n%n%d connections, messages of %d bytes%n%n", connections, bytes);
      System.out.println("server                messages/s   p50 µs   p99 µs   CPU µs/message");
      servers.forEach(server -> System.out.println(server.row()));
      System.out.printf(
          Locale.ROOT,
          "%nTriad / JDK: messages %.2f, CPU per message %.2f%n%n",
          triad.messagesPerSecond() / jdk.messagesPerSecond(),
          triad.cpuMicrosPerMessage() / jdk.cpuMicrosPerMessage());
    }
    System.out.println(Triad.explain());
    return 0;
  }

  private void drive(DemoServer server, double time, String what) throws IOException {
    try (DemoLoad load = new DemoLoad(server.port(), connections, bytes)) {
      long cpuBefore = server.cpuNanos();
      load.run(
          time,
          soFar -> System.out.printf(
              Locale.ROOT, "\r%-20s %-14s %,9.0f messages/s ", server.name(), what, soFar));
      server.add(load, server.cpuNanos() - cpuBefore);
    }
  }
}
