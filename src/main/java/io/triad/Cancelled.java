package io.triad;

import org.jspecify.annotations.Nullable;

/**
 * Unwinds a task to the scope that was cancelled. Only Triad makes it, and only the responsible
 * {@link CancelScope} swallows it.
 *
 * <p>It is an {@link Error} so that {@code catch (Exception e)} lets it pass: code that catches it
 * must throw it on. If it is swallowed by mistake, the next checkpoint throws another one. It has no
 * stack trace: it says where the cancellation came from, not where it struck.
 *
 * <p>Source: CORE-19, CORE-35, CORE-36.
 */
public final class Cancelled extends Error {
  private static final long serialVersionUID = 1L;

  /** What caused a cancellation. */
  public enum Source {
    /** {@link CancelScope#cancel()}. */
    EXPLICIT,
    /** The deadline of a scope. */
    DEADLINE,
    /** A task or the body of a nursery failed. */
    NURSERY,
    /** The run is ending. */
    SHUTDOWN,
    /** A task or the body of a nursery was ended by a {@link io.triad.KeyboardInterrupt}. */
    KEYBOARD_INTERRUPT
  }

  /** What caused it. */
  private final Source source;

  /** The reason that was given. */
  private final @Nullable String reason;

  /** The name of the task that cancelled. */
  private final @Nullable String sourceTask;

  Cancelled(Source source, @Nullable String reason, @Nullable String sourceTask) {
    super(text(source, reason, sourceTask), null, true, false);
    this.source = source;
    this.reason = reason;
    this.sourceTask = sourceTask;
  }

  private static String text(Source source, @Nullable String reason, @Nullable String task) {
    return "cancelled due to "
        + source.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ')
        + (reason == null ? "" : " with reason '" + reason + "'")
        + (task == null ? "" : " from task " + task);
  }

  /** {@return what caused it} */
  public Source source() {
    return source;
  }

  /** {@return the reason that was given, or null} */
  public @Nullable String reason() {
    return reason;
  }

  /** {@return the name of the task that cancelled, or null if it was not a task} */
  public @Nullable String sourceTask() {
    return sourceTask;
  }
}
