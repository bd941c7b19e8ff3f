package io.triad.platform.linux;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A network of a test's own, with a loopback interface that is up and nothing else; ip-netns(8). Needs
 * root and iproute2: without them the test is skipped.
 */
final class NetworkNamespace {
  private final String name = "triad-test-" + ProcessHandle.current().pid();

  private NetworkNamespace() {}

  static NetworkNamespace make() throws IOException, InterruptedException {
    String refusal = run("ip", "-V");
    assumeTrue(refusal.isEmpty(), () -> "iproute2 is needed: " + refusal);
    NetworkNamespace namespace = new NetworkNamespace();
    String denial = run("ip", "netns", "add", namespace.name);
    assumeTrue(denial.isEmpty(), () -> "no network namespace can be made: " + denial);
    try {
      namespace.require("ip", "link", "set", "lo", "up");
    } catch (Throwable e) {
      namespace.delete();
      throw e;
    }
    return namespace;
  }

  /** What runs a command in it, to be put before that. */
  List<String> launcher() {
    return List.of("ip", "netns", "exec", name);
  }

  /** Runs a command in it; answers why it failed, or nothing. */
  String attempt(String... command) throws IOException, InterruptedException {
    String[] inside = new String[command.length + 4];
    System.arraycopy(launcher().toArray(new String[0]), 0, inside, 0, 4);
    System.arraycopy(command, 0, inside, 4, command.length);
    return run(inside);
  }

  void require(String... command) throws IOException, InterruptedException {
    String failure = attempt(command);
    if (!failure.isEmpty()) {
      throw new IOException(String.join(" ", command) + ": " + failure);
    }
  }

  /** Runs a command; answers what it said if it failed, or nothing. */
  static String run(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int status = process.waitFor();
      return status == 0 ? "" : output.isEmpty() ? "exit status " + status : output;
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  void delete() throws IOException, InterruptedException {
    String failure = run("ip", "netns", "delete", name);
    if (!failure.isEmpty()) {
      throw new IOException("the network namespace " + name + " is left: " + failure);
    }
  }
}
