package io.triad.examples.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.Collection;

/** Answers that have not been sent yet, so that those to many commands leave in one piece. */
final class Replies {
  private static final int USUAL_BYTES = 16 * 1024;
  private static final byte[] END = {'\r', '\n'};

  private ByteBuffer bytes = ByteBuffer.allocate(256);

  /** How many bytes wait. */
  int size() {
    return bytes.position();
  }

  /** What waits, to be sent before anything else is added. */
  ByteBuffer take() {
    ByteBuffer full = bytes.flip();
    bytes = full.capacity() > USUAL_BYTES ? ByteBuffer.allocate(256) : full.duplicate().clear();
    return full;
  }

  void ok() {
    line('+', "OK");
  }

  void status(String text) {
    line('+', text);
  }

  /** An error; the first word of the message is its kind. */
  void error(String message) {
    line('-', message);
  }

  void number(long number) {
    line(':', Long.toString(number));
  }

  void nothing() {
    line('$', "-1");
  }

  void text(String text) {
    text(text.getBytes(ISO_8859_1));
  }

  void text(byte[] text) {
    line('$', Integer.toString(text.length));
    put(text);
    put(END);
  }

  /** Announces so many elements, which follow. */
  void array(int size) {
    line('*', Integer.toString(size));
  }

  void texts(Collection<String> texts) {
    array(texts.size());
    texts.forEach(this::text);
  }

  /** Text that comes from a client must not be able to end the line. */
  private void line(char kind, String text) {
    ensureRoom(text.length() + 3);
    bytes.put((byte) kind);
    for (int i = 0; i < text.length(); i++) {
      char next = text.charAt(i);
      bytes.put((byte) (next == '\r' || next == '\n' ? ' ' : next));
    }
    put(END);
  }

  private void put(byte[] some) {
    ensureRoom(some.length);
    bytes.put(some);
  }

  private void ensureRoom(int count) {
    if (bytes.remaining() < count) {
      int wanted = Math.addExact(bytes.position(), count);
      int doubled = (int) Math.min(bytes.capacity() * 2L, Integer.MAX_VALUE - 8);
      bytes = ByteBuffer.allocate(Math.max(wanted, doubled)).put(bytes.flip());
    }
  }
}
