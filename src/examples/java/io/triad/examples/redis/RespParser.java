package io.triad.examples.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns bytes into commands, wherever the bytes are cut. A command is an array of strings with their
 * lengths in front, or a line of words, for people who type (without quoting).
 *
 * <p>Source: the Redis serialization protocol specification, version 2.
 */
final class RespParser {
  static final int MAX_LINE_BYTES = 64 * 1024;
  static final int MAX_ARGUMENTS = 64 * 1024;
  static final int MAX_COMMAND_BYTES = 8 * 1024 * 1024;

  /** An argument grows as its bytes arrive: announcing a long one costs the server nothing. */
  private static final int FIRST_BYTES = 1024;

  private final List<byte[]> arguments = new ArrayList<>();
  private int argumentsToCome;
  private int commandBytes;
  private byte[] line = new byte[32];
  private int lineLength;
  private byte @Nullable [] argument;
  private int argumentLength;
  private int argumentFilled;

  /**
   * Reads on.
   *
   * @param bytes what has arrived; consumed up to the end of the command
   * @return a command, which is at least one word, or null if its end has not arrived yet
   * @throws ProtocolException if this is no command, or too large; the parser is of no use any more
   */
  @Nullable List<byte[]> next(ByteBuffer bytes) throws ProtocolException {
    while (bytes.hasRemaining()) {
      boolean ended = argument == null ? readLine(bytes) : readArgument(bytes, argument);
      if (ended && argumentsToCome == 0 && !arguments.isEmpty()) {
        List<byte[]> command = List.copyOf(arguments);
        arguments.clear();
        commandBytes = 0;
        return command;
      }
    }
    return null;
  }

  /** Reads on in a line; whether it has ended, and was understood. */
  private boolean readLine(ByteBuffer bytes) throws ProtocolException {
    while (bytes.hasRemaining()) {
      byte next = bytes.get();
      if (next == '\n') {
        int length = lineLength > 0 && line[lineLength - 1] == '\r' ? lineLength - 1 : lineLength;
        lineLength = 0;
        understand(length);
        return true;
      }
      if (lineLength == line.length) {
        if (lineLength >= MAX_LINE_BYTES) {
          throw new ProtocolException("too big inline request");
        }
        line = Arrays.copyOf(line, lineLength * 2);
      }
      line[lineLength++] = next;
    }
    return false;
  }

  private void understand(int length) throws ProtocolException {
    if (argumentsToCome > 0) {
      if (length == 0 || line[0] != '$') {
        throw new ProtocolException(
            "expected '$', got '" + (length == 0 ? " " : (char) (line[0] & 0xff)) + "'");
      }
      argumentLength = number(length, MAX_COMMAND_BYTES - commandBytes, "invalid bulk length");
      argument = new byte[Math.min(argumentLength, FIRST_BYTES)];
      argumentFilled = 0;
    } else if (length > 0 && line[0] == '*') {
      argumentsToCome = number(length, MAX_ARGUMENTS, "invalid multibulk length");
    } else {
      for (String word : new String(line, 0, length, ISO_8859_1).split("[ \t]+", -1)) {
        if (!word.isEmpty()) {
          arguments.add(word.getBytes(ISO_8859_1));
        }
      }
    }
  }

  /** The number in the line, behind its first character. */
  private int number(int length, int max, String complaint) throws ProtocolException {
    int number = 0;
    for (int i = 1; i < length; i++) {
      int digit = line[i] - '0';
      if (digit < 0 || digit > 9 || number > (max - digit) / 10) {
        throw new ProtocolException(complaint);
      }
      number = number * 10 + digit;
    }
    if (length < 2) {
      throw new ProtocolException(complaint);
    }
    return number;
  }

  /** Reads on in an argument and the end of line behind it; whether both have ended. */
  private boolean readArgument(ByteBuffer bytes, byte[] target) throws ProtocolException {
    byte[] room = target;
    int count = Math.min(argumentLength - argumentFilled, bytes.remaining());
    if (count > 0) {
      if (argumentFilled + count > room.length) {
        int wanted = Math.max(argumentFilled + count, room.length * 2);
        room = Arrays.copyOf(room, Math.min(wanted, argumentLength));
        argument = room;
      }
      bytes.get(room, argumentFilled, count);
      argumentFilled += count;
    }
    while (argumentFilled >= argumentLength && bytes.hasRemaining()) {
      boolean last = argumentFilled > argumentLength;
      if (bytes.get() != (last ? '\n' : '\r')) {
        throw new ProtocolException("invalid bulk length");
      }
      argumentFilled++;
      if (last) {
        arguments.add(room);
        commandBytes += argumentLength;
        argumentsToCome--;
        argument = null;
        return true;
      }
    }
    return false;
  }
}
