package io.triad.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** What Triad's speed is held against. A goal nobody measured is left out. */
final class EchoGoals {
  private static final double TO_C = 0.95;
  private static final double TO_JDK = 1.6;
  private static final double TO_NETTY_SMALL = 1.05;
  private static final double TO_NETTY_LARGE = 1.3;
  private static final double EPOLL_TO_JDK = 1.2;
  private static final double EPOLL_TO_NETTY = 1.0;
  private static final int SMALL_BYTES = 64;
  private static final int LEAST_CONNECTIONS = 64;

  private final List<Goal> goals = new ArrayList<>();

  /**
   * One goal and the figure measured for it.
   *
   * @param atLeast whether more is better
   */
  record Goal(String what, String where, boolean atLeast, double wanted, double measured) {
    boolean isReached() {
      return atLeast ? measured >= wanted : measured <= wanted;
    }
  }

  List<Goal> all() {
    return goals;
  }

  void atLeast(String what, String where, double wanted, OptionalDouble measured) {
    measured.ifPresent(value -> goals.add(new Goal(what, where, true, wanted, value)));
  }

  void atMost(String what, String where, double wanted, OptionalDouble measured) {
    measured.ifPresent(value -> goals.add(new Goal(what, where, false, wanted, value)));
  }

  void addThroughput(EchoResults results) {
    for (EchoCell cell : results.cells()) {
      if (cell.connections() < LEAST_CONNECTIONS) {
        continue;
      }
      String where = cell.size() + " × " + cell.connections();
      double toNetty = cell.bytes() <= SMALL_BYTES ? TO_NETTY_SMALL : TO_NETTY_LARGE;
      atLeast("Triad / C", where, TO_C, results.ratio(cell, EchoResults.TRIAD, "c"));
      atLeast(
          "Triad / JDK", where, TO_JDK, results.ratio(cell, EchoResults.TRIAD, EchoResults.JDK));
      atLeast(
          "Triad / best Netty",
          where,
          toNetty,
          results.ratioToBest(cell, EchoResults.TRIAD, EchoResults.NETTY));
      atLeast(
          "Triad epoll / JDK",
          where,
          EPOLL_TO_JDK,
          results.ratio(cell, EchoResults.TRIAD_EPOLL, EchoResults.JDK));
      atLeast(
          "Triad epoll / Netty epoll",
          where,
          EPOLL_TO_NETTY,
          results.ratio(cell, EchoResults.TRIAD_EPOLL, EchoResults.NETTY_EPOLL));
    }
  }
}
