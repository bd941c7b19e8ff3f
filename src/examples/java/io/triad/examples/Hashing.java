package io.triad.examples;

import io.triad.Nursery;
import io.triad.Triad;
import io.triad.sync.Event;
import io.triad.thread.Threads;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Work that would hold up all tasks goes to a thread, and only the task that needs the result waits.
 * Work that takes long calls back into the run, and asks now and then whether it is still wanted.
 */
@Command(name = "hashing", description = "Computes on a thread, and stops there when cancelled.")
final class Hashing implements Callable<Integer> {
  @Override
  public Integer call() throws NoSuchAlgorithmException {
    Triad.run(
        () -> {
          Event ready = new Event();
          System.out.println(Threads.toThread(() -> hash(1_000, ready)).substring(0, 16));

          Event begun = new Event();
          Nursery.open(
              nursery -> {
                nursery.startSoon(() -> Threads.toThread(() -> hash(Integer.MAX_VALUE, begun)));
                begun.await();
                System.out.println("threads at work: " + Threads.activeThreadCount());
                nursery.cancelScope().cancel("nobody needs it any more");
              });
          System.out.println("threads at work: " + Threads.activeThreadCount());
        });
    return 0;
  }

  /** Runs on a worker thread. */
  private static String hash(int rounds, Event begun) throws NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    Threads.fromThreadSync(begun::set); // an event belongs to the run, so it is set there
    byte[] state = new byte[32];
    for (int round = 0; round < rounds; round++) {
      if (round % 1_000 == 0) {
        Threads.checkCancelled();
      }
      state = digest.digest(state);
    }
    return HexFormat.of().formatHex(state);
  }
}
