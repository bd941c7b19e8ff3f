package io.triad;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Several exceptions at once, in the order in which they happened. A {@link Nursery} throws one even
 * when it holds a single exception, so that callers need one way to look (CORE-44).
 *
 * <p>Immutable. The members are suppressed exceptions of the group as well, so a stack trace shows
 * them.
 */
public final class ExceptionGroup extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The members. */
  @SuppressWarnings("serial") // an immutable list of throwables, which are serializable
  private final List<Throwable> exceptions;

  /**
   * Makes a group.
   *
   * @param message what they have in common
   * @param exceptions the members, at least one
   * @throws IllegalArgumentException if there is none
   */
  public ExceptionGroup(String message, List<? extends Throwable> exceptions) {
    super(message + sizeText(exceptions.size()), null, true, false);
    if (exceptions.isEmpty()) {
      throw new IllegalArgumentException("a group needs at least one exception");
    }
    this.exceptions = List.copyOf(exceptions);
    for (Throwable exception : this.exceptions) {
      addSuppressed(exception);
    }
  }

  private static String sizeText(int size) {
    return size == 1 ? " (1 exception)" : " (" + size + " exceptions)";
  }

  /** {@return the members in order; some may be groups themselves} */
  public List<Throwable> exceptions() {
    return exceptions;
  }

  /**
   * Returns the exceptions that are no groups, at any depth, in order.
   *
   * @return the leaves
   */
  public List<Throwable> leaves() {
    List<Throwable> leaves = new ArrayList<>();
    collect(this, leaves);
    return leaves;
  }

  private static void collect(Throwable throwable, List<Throwable> leaves) {
    if (throwable instanceof ExceptionGroup group) {
      group.exceptions.forEach(member -> collect(member, leaves));
    } else {
      leaves.add(throwable);
    }
  }

  /**
   * Returns the group without the leaves that do not match; its shape stays.
   *
   * @param wanted which leaves to keep
   * @return this very group if all match, null if none does
   */
  public @Nullable ExceptionGroup filter(Predicate<? super Throwable> wanted) {
    List<Throwable> kept = new ArrayList<>();
    boolean changed = false;
    for (Throwable member : exceptions) {
      Throwable left = member;
      if (member instanceof ExceptionGroup group) {
        left = group.filter(wanted);
      } else if (!wanted.test(member)) {
        left = null;
      }
      changed |= left != member;
      if (left != null) {
        kept.add(left);
      }
    }
    if (!changed) {
      return this;
    }
    return kept.isEmpty() ? null : with(kept);
  }

  private ExceptionGroup with(List<Throwable> members) {
    String message = String.valueOf(getMessage());
    ExceptionGroup group =
        new ExceptionGroup(message.substring(0, message.lastIndexOf(" (")), members);
    // What try-with-resources and others have hung on this group since it was made.
    Throwable[] suppressed = getSuppressed();
    for (int i = exceptions.size(); i < suppressed.length; i++) {
      group.addSuppressed(suppressed[i]);
    }
    return group;
  }

  /**
   * Two groups, either of which may be missing.
   *
   * @param matching the leaves that match
   * @param rest the others
   */
  public record Split(@Nullable ExceptionGroup matching, @Nullable ExceptionGroup rest) {}

  /**
   * Divides the group; both parts keep its shape.
   *
   * @param wanted which leaves go to the first part
   * @return the parts
   */
  public Split split(Predicate<? super Throwable> wanted) {
    return new Split(filter(wanted), filter(wanted.negate()));
  }
}
