package io.triad;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How far an operation got that ended with an exception. It hangs on the exception itself, {@link
 * Cancelled} included, so that nothing needs to be wrapped (SOCK-70).
 */
public final class PartialResult {
  /** Hangs in the list of suppressed exceptions, the only place every throwable has. */
  private static final class Note extends Exception {
    private static final long serialVersionUID = 1L;
    private final long bytes;

    Note(long bytes) {
      super(bytes + " bytes had been accepted", null, false, false);
      this.bytes = bytes;
    }
  }

  private PartialResult() {}

  /** Whether a suppressed exception is nothing but the number of bytes. */
  static boolean isNote(Throwable suppressed) {
    return suppressed instanceof Note;
  }

  /**
   * Returns how many bytes the system had accepted when an exception left a sending method.
   *
   * @param throwable what the method threw
   * @return the number of bytes, or empty if the exception does not come from such a method
   */
  public static OptionalLong of(Throwable throwable) {
    @Nullable Note last = null;
    for (Throwable suppressed : throwable.getSuppressed()) {
      if (suppressed instanceof Note note) {
        last = note;
      }
    }
    return last == null ? OptionalLong.empty() : OptionalLong.of(last.bytes);
  }

  /**
   * Attaches the number of accepted bytes; for the authors of streams.
   *
   * @param throwable what is about to be thrown
   * @param bytes how many bytes were accepted, 0 or more
   * @param <T> the type of the throwable
   * @return the same throwable
   */
  public static <T extends Throwable> T attach(T throwable, long bytes) {
    throwable.addSuppressed(new Note(bytes));
    return throwable;
  }
}
