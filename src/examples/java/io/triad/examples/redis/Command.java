package io.triad.examples.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Locale;

/** A command with its arguments; the name is number 0. */
record Command(List<byte[]> words) {
  /** What is done for a command. */
  @FunctionalInterface
  interface Action {
    /**
     * Does it, and adds exactly one reply.
     *
     * @throws RefusedException if the arguments will not do
     */
    void run(Command command, Replies replies) throws RefusedException;
  }

  /** A command that cannot be executed; the message is the reply. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message, null, false, false);
    }
  }

  int size() {
    return words.size();
  }

  String name() {
    return option(0);
  }

  /** A word of the protocol, which may be written in small letters as well. */
  String option(int index) {
    return text(index).toUpperCase(Locale.ROOT);
  }

  byte[] bytes(int index) {
    return words.get(index);
  }

  String text(int index) {
    return new String(words.get(index), ISO_8859_1);
  }

  long number(int index) throws RefusedException {
    return number(words.get(index));
  }

  /** A number, written in the only way in which we would write it. */
  static long number(byte[] bytes) throws RefusedException {
    String text = new String(bytes, ISO_8859_1);
    try {
      long number = Long.parseLong(text);
      if (Long.toString(number).equals(text)) {
        return number;
      }
    } catch (NumberFormatException notOne) {
      // as below
    }
    throw new RefusedException("ERR value is not an integer or out of range");
  }

  RefusedException syntaxError() {
    return new RefusedException("ERR syntax error");
  }
}
