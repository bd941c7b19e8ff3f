package io.triad.engine.simulated;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The table of descriptors: a new one is the lowest free number, as in POSIX. */
final class Descriptors {
  /** The first three are taken in every process. */
  private static final int FIRST = 3;

  private final int limit;
  private @Nullable TcpSocket[] sockets = new TcpSocket[64];
  private int lowestFree = FIRST;
  private int open;

  Descriptors(int limit) {
    this.limit = limit;
  }

  boolean isFull() {
    return open == limit;
  }

  /** Gives a socket a number; the table must not be full. */
  int add(TcpSocket socket) {
    assert !isFull();
    int number = lowestFree;
    if (number >= sockets.length) {
      sockets = Arrays.copyOf(sockets, sockets.length * 2);
    }
    sockets[number] = socket;
    open++;
    while (lowestFree < sockets.length && sockets[lowestFree] != null) {
      lowestFree++;
    }
    return number;
  }

  @Nullable TcpSocket get(int number) {
    return number < 0 || number >= sockets.length ? null : sockets[number];
  }

  /** Frees a number; the socket that had it, or null. */
  @Nullable TcpSocket remove(int number) {
    TcpSocket socket = get(number);
    if (socket != null) {
      sockets[number] = null;
      open--;
      lowestFree = Math.min(lowestFree, number);
    }
    return socket;
  }

  int open() {
    return open;
  }
}
