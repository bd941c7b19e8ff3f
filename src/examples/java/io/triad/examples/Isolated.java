package io.triad.examples;

import io.triad.Action;
import io.triad.ExceptionGroup;
import java.io.IOException;

/** Keeps the I/O errors of one connection from ending the server, as any failed task would. */
final class Isolated {
  private Isolated() {}

  /** Runs the handler of a connection. I/O errors are reported; every other failure is thrown. */
  static void run(Action<IOException> handler) {
    try {
      handler.run();
    } catch (IOException e) {
      report(e);
    } catch (ExceptionGroup group) {
      ExceptionGroup.Split split = group.split(failure -> failure instanceof IOException);
      if (split.rest() != null) {
        throw group;
      }
      group.leaves().forEach(Isolated::report);
    }
  }

  private static void report(Throwable failure) {
    System.err.println("a connection broke: " + failure.getMessage());
  }
}
