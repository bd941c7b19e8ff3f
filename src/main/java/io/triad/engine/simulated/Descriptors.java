package io.triad.engine.simulated;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** The table of descriptors: a new one is the lowest free number, as in POSIX. */
final class Descriptors {
  /** The first three are taken in every process. */
  private static final int FIRST = 3;

  private final int limit;
  private @Nullable OpenSocket[] sockets = new OpenSocket[64];
  private final BitSet inheritable = new BitSet();
  private int lowestFree = FIRST;
  private int open;

  Descriptors(int limit) {
    this.limit = limit;
  }

  /** How many more there may be. */
  int left() {
    return limit - open;
  }

  boolean isFull() {
    return open == limit;
  }

  /** Gives a socket a number; the table must not be full. */
  int add(OpenSocket socket) {
    assert !isFull();
    int number = lowestFree;
    if (number >= sockets.length) {
      sockets = Arrays.copyOf(sockets, sockets.length * 2);
    }
    sockets[number] = socket;
    inheritable.clear(number);
    open++;
    while (lowestFree < sockets.length && sockets[lowestFree] != null) {
      lowestFree++;
    }
    return number;
  }

  @Nullable OpenSocket get(int number) {
    return number < 0 || number >= sockets.length ? null : sockets[number];
  }

  /** Frees a number; the socket that had it, or null. */
  @Nullable OpenSocket remove(int number) {
    OpenSocket socket = get(number);
    if (socket != null) {
      sockets[number] = null;
      open--;
      lowestFree = Math.min(lowestFree, number);
    }
    return socket;
  }

  /** Whether children would inherit it; that is the number's, not the socket's. */
  boolean isInheritable(int number) {
    return inheritable.get(number);
  }

  void setInheritable(int number, boolean wanted) {
    inheritable.set(number, wanted);
  }

  int open() {
    return open;
  }
}
