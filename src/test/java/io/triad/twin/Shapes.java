package io.triad.twin;

import static java.util.stream.Collectors.joining;

import io.triad.BrokenLockException;
import io.triad.BrokenResourceException;
import io.triad.Cancelled;
import io.triad.ClosedResourceException;
import io.triad.EndOfChannelException;
import io.triad.ExceptionGroup;
import io.triad.TooSlowException;
import io.triad.WouldBlockException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Exceptions as the traces of both sides write them. */
final class Shapes {
  private final int membersShown;

  Shapes(@Nullable Defect planted) {
    membersShown = planted == Defect.MEMBER_LOST ? 2 : Integer.MAX_VALUE;
  }

  /**
   * An exception as text, such as {@code [Cancelled E1@7 [E2@9]]}. The members of a group are sorted:
   * tasks that fail at the same instant fail in an order that nobody promises.
   */
  String of(Throwable thrown) {
    if (onlyCancelled(thrown)) {
      return "Cancelled";
    }
    return switch (thrown) {
      case ExceptionGroup group -> group(group.exceptions());
      case Failure failure -> failure.kind + "@" + failure.id;
      default -> kind(thrown);
    };
  }

  private String group(List<Throwable> members) {
    return members.stream()
        .limit(membersShown)
        .map(this::of)
        .sorted()
        .collect(joining(" ", "[", "]"));
  }

  /** The name of an exception that is no group, the same on both sides. */
  static String kind(Throwable thrown) {
    return switch (thrown) {
      case Failure failure -> failure.kind;
      case Cancelled _ -> "Cancelled";
      case TooSlowException _ -> "TooSlow";
      case ClosedResourceException _ -> "Closed";
      case BrokenResourceException _ -> "Broken";
      case BrokenLockException _ -> "Broken";
      case EndOfChannelException _ -> "End";
      case WouldBlockException _ -> "WouldBlock";
      case IllegalStateException _ -> "Misuse";
      case IllegalArgumentException _ -> "Misuse";
      default -> "unexpected " + thrown;
    };
  }

  /** Whether Trio would have a group of nothing but Cancelled here, which Triad leaves out. */
  private static boolean onlyCancelled(Throwable thrown) {
    return thrown instanceof ExceptionGroup group
        ? group.leaves().stream().allMatch(Cancelled.class::isInstance)
        : thrown instanceof Cancelled;
  }
}
