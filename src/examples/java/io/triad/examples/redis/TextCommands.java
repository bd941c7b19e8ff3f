package io.triad.examples.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.triad.examples.redis.Command.RefusedException;
import io.triad.examples.redis.Value.Text;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Commands about values that are some bytes. */
final class TextCommands {
  private static final byte[] NO_BYTES = new byte[0];

  private final Store store;

  TextCommands(Store store) {
    this.store = store;
  }

  void addTo(Commands commands) {
    commands.addOpen("SET", 2, this::set);
    commands.add("GET", 1, (command, replies) -> reply(bytes(command.text(1)), replies));
    commands.addOpen("MGET", 1, (command, replies) -> {
      replies.array(command.size() - 1);
      for (int i = 1; i < command.size(); i++) {
        reply(store.get(command.text(i)) instanceof Text text ? text.bytes() : null, replies);
      }
    });
    commands.addOpen("MSET", 2, (command, replies) -> {
      if (command.size() % 2 == 0) {
        throw new RefusedException("ERR wrong number of arguments for 'mset' command");
      }
      for (int i = 1; i < command.size(); i += 2) {
        store.put(command.text(i), new Text(command.bytes(i + 1)));
      }
      replies.ok();
    });
    commands.add("STRLEN", 1, (command, replies) -> {
      byte[] bytes = bytes(command.text(1));
      replies.number(bytes == null ? 0 : bytes.length);
    });
    commands.add("APPEND", 2, this::append);
    commands.add("INCR", 1, (command, replies) -> add(command, 1, replies));
    commands.add("DECR", 1, (command, replies) -> add(command, -1, replies));
    commands.add("INCRBY", 2, (command, replies) -> add(command, command.number(2), replies));
    commands.add("DECRBY", 2, (command, replies) -> {
      if (command.number(2) == Long.MIN_VALUE) {
        throw new RefusedException("ERR decrement would overflow");
      }
      add(command, -command.number(2), replies);
    });
  }

  private byte @Nullable [] bytes(String key) {
    Text text = store.get(key, Text.class);
    return text == null ? null : text.bytes();
  }

  private static void reply(byte @Nullable [] bytes, Replies replies) {
    if (bytes == null) {
      replies.nothing();
    } else {
      replies.text(bytes);
    }
  }

  private void set(Command command, Replies replies) throws RefusedException {
    Duration time = null;
    boolean ifAbsent = false;
    boolean ifPresent = false;
    for (int i = 3; i < command.size(); i++) {
      switch (command.option(i)) {
        case "NX" -> ifAbsent = true;
        case "XX" -> ifPresent = true;
        case "EX", "PX" -> {
          if (time != null || i + 1 == command.size()) {
            throw command.syntaxError();
          }
          time = KeyCommands.time(command, i + 1, command.option(i).equals("EX") ? 1000 : 1);
          if (!time.isPositive()) {
            throw new RefusedException("ERR invalid expire time in 'set' command");
          }
          i++;
        }
        default -> throw command.syntaxError();
      }
    }
    if (ifAbsent && ifPresent) {
      throw command.syntaxError();
    }
    String key = command.text(1);
    boolean present = store.get(key) != null;
    if (present ? ifAbsent : ifPresent) {
      replies.nothing();
      return;
    }
    store.put(key, new Text(command.bytes(2)));
    if (time != null) {
      store.expire(key, time);
    }
    replies.ok();
  }

  private void append(Command command, Replies replies) throws RefusedException {
    String key = command.text(1);
    byte[] old = bytes(key);
    byte[] front = old == null ? NO_BYTES : old;
    byte[] back = command.bytes(2);
    if (back.length > RespParser.MAX_COMMAND_BYTES - front.length) {
      throw new RefusedException("ERR string exceeds maximum allowed size");
    }
    byte[] all = Arrays.copyOf(front, front.length + back.length);
    System.arraycopy(back, 0, all, front.length, back.length);
    store.replace(key, new Text(all));
    replies.number(all.length);
  }

  private void add(Command command, long increment, Replies replies) throws RefusedException {
    String key = command.text(1);
    byte[] old = bytes(key);
    try {
      long sum = Math.addExact(old == null ? 0 : Command.number(old), increment);
      store.replace(key, new Text(Long.toString(sum).getBytes(ISO_8859_1)));
      replies.number(sum);
    } catch (ArithmeticException overflow) {
      throw new RefusedException("ERR increment or decrement would overflow");
    }
  }
}
