package io.triad;

import static org.assertj.core.api.Assertions.assertThat;

/** Looks at an action from the point of view of the other tasks. Called in a task. */
final class Steps {
  private Steps() {}

  /** Whether another task that was ready got to run before the action was over. */
  static boolean letOthersRun(Action<? extends Exception> action) {
    boolean[] ran = new boolean[2];
    Nursery.open(
        nursery -> {
          nursery.startSoon(() -> ran[0] = true);
          try {
            action.run();
          } finally {
            ran[1] = ran[0];
          }
        });
    assertThat(ran[0]).isTrue();
    return ran[1];
  }

  /** Whether the action throws {@link Cancelled} when the scope around it is cancelled. */
  static boolean isCancelPoint(Action<? extends Exception> action) throws Exception {
    CancelScope scope = new CancelScope();
    scope.cancel();
    scope.enter(_ -> action.run());
    return scope.cancelledCaught();
  }

  /** Lets every task that is ready run, several times over, so that what was begun can go on. */
  static void settle() {
    for (int pass = 0; pass < 10; pass++) {
      Triad.cancelShieldedCheckpoint();
    }
  }
}
