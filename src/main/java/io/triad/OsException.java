package io.triad;

import java.io.IOException;

/**
 * The operating system refused a call.
 *
 * <p>Its siblings {@link ClosedResourceException} and {@link BrokenResourceException} say what became
 * of a resource; this one says what the system said.
 */
public final class OsException extends IOException {
  private static final long serialVersionUID = 1L;

  /** The number of the error. */
  private final int errno;

  /** Its name. */
  private final String symbol;

  /** What was tried. */
  private final String call;

  /** The text of the system. */
  private final String text;

  /**
   * Makes one.
   *
   * @param errno the system's error number
   * @param symbol its symbolic name in POSIX spelling, {@code ECONNREFUSED}
   * @param call what was tried, {@code connect to 127.0.0.1:80}
   * @param text the system's text for the number
   */
  public OsException(int errno, String symbol, String call, String text) {
    super(call + ": " + symbol + " (" + text + ")");
    this.errno = errno;
    this.symbol = symbol;
    this.call = call;
    this.text = text;
  }

  /** {@return the system's error number; errno(3)} */
  public int errno() {
    return errno;
  }

  /** {@return the symbolic name of the error in POSIX spelling; the same on every system} */
  public String symbol() {
    return symbol;
  }

  /** {@return the system's own text for the error; strerror(3)} */
  public String text() {
    return text;
  }

  /** {@return what was tried} */
  public String call() {
    return call;
  }
}
