package io.triad;

import java.util.List;

/**
 * One of several runs that were begun together by {@link Triad#runOnEachCore}: which one, and how to
 * reach the others. Runs share nothing; what one wants of another it sends there as an action:
 *
 * <pre>{@code
 * core.tokens().get(key % core.count()).runSyncSoon(() -> handle(key));
 * }</pre>
 *
 * @param index from 0 to {@code count - 1}
 * @param tokens those of all the runs, this one included, by index
 */
public record Core(int index, List<TriadToken> tokens) {
  /**
   * Makes one.
   *
   * @param index from 0 to {@code count - 1}
   * @param tokens those of all the runs
   */
  public Core {
    tokens = List.copyOf(tokens);
  }

  /**
   * Returns how many runs there are.
   *
   * @return 1 or more
   */
  public int count() {
    return tokens.size();
  }
}
