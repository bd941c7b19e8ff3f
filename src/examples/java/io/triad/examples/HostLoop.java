package io.triad.examples;

import io.triad.CancelScope;
import io.triad.RunFinishedException;
import io.triad.Triad;
import io.triad.TriadToken;
import io.triad.sync.Event;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;

/**
 * A run beside an event loop that belongs to somebody else. Each keeps its own thread. They call each
 * other through what every such loop has, a way to hand in work from another thread: the host's
 * executor in one direction, the run's {@link TriadToken} in the other. Neither ever waits for the
 * other with its thread.
 */
@Command(name = "host-loop", description = "A user interface and a run, each on its own thread.")
final class HostLoop implements Callable<Integer> {
  /** Stands for {@code SwingUtilities::invokeLater}, {@code Platform::runLater}, an event loop. */
  private final ExecutorService ui =
      Executors.newSingleThreadExecutor(events -> new Thread(events, "ui"));

  private final CountDownLatch windowClosed = new CountDownLatch(1);

  @Override
  public Integer call() throws InterruptedException {
    ui.execute(this::startClicked);
    windowClosed.await();
    ui.shutdown();
    return 0;
  }

  // ---- the user interface, on its thread ----

  private Runnable cancelButton = () -> {};

  private void startClicked() {
    System.out.println("ui: start was clicked");
    Thread.ofPlatform().name("run").start(this::runAndReport);
  }

  private void showProgress(int step) {
    System.out.println("ui: step " + step + " is done");
  }

  /** This user goes on once, and then loses patience. */
  private boolean askWhetherToGoOn(int step) {
    System.out.println("ui: go on after step " + step + "?");
    if (step == 2) {
      System.out.println("ui: cancel was clicked");
      cancelButton.run();
    }
    return true;
  }

  private void showOutcome(String outcome) {
    cancelButton = () -> {};
    System.out.println("ui: the run " + outcome);
    windowClosed.countDown();
  }

  // ---- the run, on its thread ----

  /** Whatever becomes of the run, the host hears of it. */
  private void runAndReport() {
    String outcome;
    try {
      outcome = Triad.run(this::work);
    } catch (RuntimeException | Error failure) {
      outcome = "has failed: " + failure;
    }
    String last = outcome;
    ui.execute(() -> showOutcome(last));
  }

  private String work() {
    TriadToken token = TriadToken.current();
    CancelScope scope = new CancelScope();
    ui.execute(() -> cancelButton = () -> tell(token, scope::cancel));
    scope.enter(
        _ -> {
          int step = 0;
          boolean goOn = true;
          while (goOn) {
            int done = ++step;
            System.out.println("run: works at step " + step);
            ui.execute(() -> showProgress(done)); // to the host, and not waiting for it
            goOn = ask(token, () -> askWhetherToGoOn(done)); // to the host, and back
          }
        });
    return scope.cancelledCaught() ? "was cancelled" : "is through";
  }

  /** Has the host answer a question; other tasks go on meanwhile. Cancelled, it waits no longer. */
  private boolean ask(TriadToken token, BooleanSupplier question) {
    boolean[] answer = new boolean[1];
    Event answered = new Event();
    ui.execute(
        () -> {
          boolean given = question.getAsBoolean();
          tell(
              token,
              () -> {
                answer[0] = given;
                answered.set();
              });
        });
    answered.await();
    return answer[0];
  }

  /** Has something done in the run, if it is still there. */
  private static void tell(TriadToken token, Runnable what) {
    try {
      token.runSyncSoon(what::run);
    } catch (RunFinishedException over) {
      // Nobody is left who could want it: the outcome is on its way to the host.
    }
  }
}
