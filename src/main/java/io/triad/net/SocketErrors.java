package io.triad.net;

import io.triad.OsException;
import io.triad.PartialResult;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

/** Errors as the exceptions that {@code java.net.Socket} throws; the true one is the cause. */
final class SocketErrors {
  private SocketErrors() {}

  /** What was attempted when the error occurred, for errors that mean different things. */
  enum Attempt {
    CONNECT,
    BIND,
    OTHER
  }

  static IOException of(IOException error, Attempt attempt) {
    if (error instanceof SocketException
        || error instanceof SocketTimeoutException
        || error instanceof UnknownHostException) {
      return error;
    }
    SocketException exception = translated(error, attempt);
    exception.initCause(error);
    PartialResult.of(error).ifPresent(bytes -> PartialResult.attach(exception, bytes));
    return exception;
  }

  private static SocketException translated(IOException error, Attempt attempt) {
    String message = String.valueOf(error.getMessage());
    String symbol = symbol(error);
    return switch (attempt) {
      case CONNECT ->
          switch (symbol) {
            case "ECONNREFUSED", "ETIMEDOUT" -> new ConnectException(message);
            case "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL" ->
                new NoRouteToHostException(message);
            default -> new SocketException(message);
          };
      case BIND ->
          switch (symbol) {
            case "EADDRINUSE", "EADDRNOTAVAIL", "EACCES", "EPERM" -> new BindException(message);
            default -> new SocketException(message);
          };
      case OTHER ->
          symbol.equals("ECONNRESET")
              ? new SocketException("Connection reset")
              : new SocketException(message);
    };
  }

  /** The name of the system's error behind an exception; empty if there is none. */
  static String symbol(IOException error) {
    return error instanceof OsException os
        ? os.symbol()
        : error.getCause() instanceof OsException cause ? cause.symbol() : "";
  }

  /** What everybody gets who uses a socket that was closed. */
  static SocketException closed() {
    return new SocketException("Socket closed");
  }
}
