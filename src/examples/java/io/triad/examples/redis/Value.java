package io.triad.examples.redis;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Set;

/**
 * What a key stands for. Keys, members and field names are strings of ISO 8859-1: a character for
 * each byte, whatever the bytes mean, with a hash that is computed once.
 */
sealed interface Value {
  /** How Redis calls the type. */
  String type();

  /** Some bytes. Not a record, since arrays have no equality that records could use. */
  final class Text implements Value {
    private final byte[] bytes;

    /** Takes the array, which must not change any more. */
    Text(byte[] bytes) {
      this.bytes = bytes;
    }

    byte[] bytes() {
      return bytes;
    }

    @Override
    public String type() {
      return "string";
    }
  }

  /** A list with two ends. */
  record Items(ArrayDeque<byte[]> items) implements Value {
    @Override
    public String type() {
      return "list";
    }
  }

  /** A set. */
  record Members(Set<String> members) implements Value {
    @Override
    public String type() {
      return "set";
    }
  }

  /** A map. */
  record Fields(Map<String, byte[]> fields) implements Value {
    @Override
    public String type() {
      return "hash";
    }
  }
}
