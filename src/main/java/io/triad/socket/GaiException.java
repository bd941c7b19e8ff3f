package io.triad.socket;

import java.net.UnknownHostException;

/**
 * A look-up of names failed; getaddrinfo(3). The name does not exist, or the service that knows is out
 * of reach, or what was asked for makes no sense: {@link #symbol} tells. Code that knows the JDK's
 * exception for this catches it as such.
 */
public final class GaiException extends UnknownHostException {
  private static final long serialVersionUID = 1L;

  /** The number of the error. */
  private final int code;

  /** Its name. */
  private final String symbol;

  /** What was looked up. */
  private final String call;

  /** The text of the resolver. */
  private final String text;

  /**
   * Makes one; for resolvers too.
   *
   * @param code the number of the error, {@code Sockets.constant("EAI_NONAME")}
   * @param symbol its symbolic name, {@code EAI_NONAME}
   * @param call what was tried, {@code look up example.org:80}
   * @param text what the resolver says about it
   */
  public GaiException(int code, String symbol, String call, String text) {
    super(call + ": " + symbol + " (" + text + ")");
    this.code = code;
    this.symbol = symbol;
    this.call = call;
    this.text = text;
  }

  /** {@return the number that this system gives the error} */
  public int code() {
    return code;
  }

  /** {@return the symbolic name of the error, which is the same on every system; RFC 3493} */
  public String symbol() {
    return symbol;
  }

  /** {@return the resolver's own text for the error; gai_strerror(3)} */
  public String text() {
    return text;
  }

  /** {@return what was tried} */
  public String call() {
    return call;
  }
}
