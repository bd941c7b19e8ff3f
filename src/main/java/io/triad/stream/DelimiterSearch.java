package io.triad.stream;

import java.util.Arrays;

/**
 * Looks for a delimiter in bytes that arrive piece by piece, and looks at each byte once: the
 * algorithm of Knuth, Morris and Pratt (SIAM J. Comput. 6, 1977). It remembers how far it has come,
 * so that a search that was interrupted goes on where it stopped.
 */
final class DelimiterSearch {
  private byte[] delimiter = {};

  /** For each prefix of the delimiter, the length of the longest proper prefix that also ends it. */
  private int[] borders = {};

  private int scanned;
  private int matched;

  /** Looks for this delimiter from now on; from the start unless it is the same as before. */
  void lookFor(byte[] newDelimiter) {
    if (Arrays.equals(newDelimiter, delimiter)) {
      return;
    }
    delimiter = newDelimiter.clone(); // the caller's array may change before the search is over
    borders = new int[delimiter.length];
    for (int i = 1, border = 0; i < delimiter.length; i++) {
      border = next(border, delimiter[i]);
      borders[i] = border;
    }
    restart();
  }

  /** Forgets how far it has come: bytes were taken from the front. */
  void restart() {
    scanned = 0;
    matched = 0;
  }

  /**
   * Looks at the bytes that it has not seen yet.
   *
   * @param bytes the array
   * @param start where the bytes begin there, the seen ones included
   * @param count how many they are, the seen ones included
   * @return whether the delimiter is there: {@link #position} bytes from the start
   */
  boolean advance(byte[] bytes, int start, int count) {
    while (scanned < count && matched < delimiter.length) {
      matched = next(matched, bytes[start + scanned++]);
    }
    return matched == delimiter.length;
  }

  /** How many bytes are before the delimiter or, if it was not found, before where it may begin. */
  int position() {
    return scanned - matched;
  }

  private int next(int state, byte value) {
    int length = state;
    while (length > 0 && delimiter[length] != value) {
      length = borders[length - 1];
    }
    return delimiter[length] == value ? length + 1 : length;
  }
}
