package io.triad.lowlevel;

import io.triad.loop.Loop;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A variable that each run has for itself: a limiter, a cache, whatever must not be shared between
 * runs and is not worth being passed along (LOW-41). Every run begins without a value.
 *
 * <p>Read and set on the thread of a run, by tasks and by callbacks. Values live as long as the run.
 *
 * @param <T> the type of the values
 */
public final class RunVar<T extends @Nullable Object> {
  private final String name;

  /**
   * Makes a variable; usually one for a class, in a static field.
   *
   * @param name what messages call it
   */
  public RunVar(String name) {
    this.name = Objects.requireNonNull(name, "name");
  }

  /** The value in one run. */
  private static final class Slot {
    private @Nullable Object value;
    private boolean present;
  }

  /**
   * The way back to what was there before a {@link RunVar#set}.
   *
   * @param <T> the type of the values
   */
  public static final class Token<T extends @Nullable Object> {
    private final RunVar<T> variable;
    private final Slot slot;
    private final @Nullable Object previous;
    private final boolean wasPresent;
    private boolean used;

    private Token(RunVar<T> variable, Slot slot) {
      this.variable = variable;
      this.slot = slot;
      this.previous = slot.value;
      this.wasPresent = slot.present;
    }

    @Override
    public String toString() {
      return "Token of " + variable + (used ? ", used" : "");
    }
  }

  private Slot slot() {
    Loop loop = Loop.current();
    if (loop == null) {
      throw new IllegalStateException(
          "must be called from inside a run: inside Triad.run, on the thread of the run");
    }
    return loop.local(this, Slot::new);
  }

  /**
   * Returns whether it has a value in this run.
   *
   * @return whether it was set
   * @throws IllegalStateException outside of a run
   */
  public boolean isSet() {
    return slot().present;
  }

  /**
   * Returns its value in this run.
   *
   * @return the value
   * @throws NoSuchElementException if it has none
   * @throws IllegalStateException outside of a run
   */
  public T get() {
    Slot slot = slot();
    if (!slot.present) {
      throw new NoSuchElementException(this + " has no value in this run");
    }
    return valueOf(slot);
  }

  /**
   * Returns its value in this run, or another one if it has none.
   *
   * @param other what to return if it was not set
   * @return the value
   * @throws IllegalStateException outside of a run
   */
  public T orElse(T other) {
    Slot slot = slot();
    return slot.present ? valueOf(slot) : other;
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // set by this object, so of its type
  private T valueOf(Slot slot) {
    return (T) slot.value;
  }

  /**
   * Sets its value in this run.
   *
   * @param value the value
   * @return what {@link #reset} takes
   * @throws IllegalStateException outside of a run
   */
  public Token<T> set(T value) {
    Slot slot = slot();
    Token<T> token = new Token<>(this, slot);
    slot.value = value;
    slot.present = true;
    return token;
  }

  /**
   * Puts back what was there before a {@link #set}: a value, or none.
   *
   * @param token what that call returned; good for one time
   * @throws IllegalArgumentException if the token is of another variable or another run
   * @throws IllegalStateException if the token has been used, or outside of a run
   */
  public void reset(Token<T> token) {
    Slot slot = slot();
    if (token.variable != this) {
      throw new IllegalArgumentException("this is a " + token + ", not of " + this);
    }
    if (token.slot != slot) {
      throw new IllegalArgumentException("this token was made in another run");
    }
    if (token.used) {
      throw new IllegalStateException("this token has been used already");
    }
    token.used = true;
    slot.value = token.previous;
    slot.present = token.wasPresent;
  }

  @Override
  public String toString() {
    return "RunVar " + name;
  }
}
