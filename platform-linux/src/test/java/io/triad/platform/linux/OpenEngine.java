package io.triad.platform.linux;

import io.triad.engine.EngineUnavailableException;

/**
 * A program that opens an engine with a run's options, uses it, and writes its description; or
 * {@code refused: } and the reason. With an argument, a filter refuses io_uring with that error.
 */
final class OpenEngine {
  private OpenEngine() {}

  public static void main(String[] arguments) {
    if (arguments.length > 0) {
      new SeccompFilter()
          .refuse(SeccompFilter.SETUP, Integer.parseInt(arguments[0]))
          .install();
    }
    try (TestEngine engine = TestEngine.open(IoUringOptions.DEFAULT)) {
      int[] pair = engine.pair();
      Recording receive = new Recording();
      receive.receiveLoaned(pair[0]);
      engine.submit(receive);
      PosixCalls.sendAll(pair[1], new byte[] {42});
      engine.until(() -> receive.byteCount() == 1, "the byte");
      engine.cancel(receive);
      engine.await(receive);
      engine.engine().describe().forEach(System.out::println);
    } catch (EngineUnavailableException e) {
      System.out.println("refused: " + e.getMessage());
    }
  }
}
