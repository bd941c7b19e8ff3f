package io.triad.examples.redis;

import io.triad.examples.redis.Command.RefusedException;
import java.time.Duration;

/** Commands about keys, whatever their values are. */
final class KeyCommands {
  private final Store store;

  KeyCommands(Store store) {
    this.store = store;
  }

  void addTo(Commands commands) {
    commands.addOpen("DEL", 1, (command, replies) -> {
      int removed = 0;
      for (int i = 1; i < command.size(); i++) {
        removed += store.remove(command.text(i)) ? 1 : 0;
      }
      replies.number(removed);
    });
    commands.addOpen("EXISTS", 1, (command, replies) -> {
      int found = 0;
      for (int i = 1; i < command.size(); i++) {
        found += store.get(command.text(i)) == null ? 0 : 1;
      }
      replies.number(found);
    });
    commands.add("TYPE", 1, (command, replies) -> {
      Value value = store.get(command.text(1));
      replies.status(value == null ? "none" : value.type());
    });
    commands.add("EXPIRE", 2, (command, replies) -> expire(command, 1000, replies));
    commands.add("PEXPIRE", 2, (command, replies) -> expire(command, 1, replies));
    commands.add("TTL", 1, (command, replies) -> timeToLive(command, 1000, replies));
    commands.add("PTTL", 1, (command, replies) -> timeToLive(command, 1, replies));
    commands.add("PERSIST", 1,
        (command, replies) -> replies.number(store.persist(command.text(1)) ? 1 : 0));
  }

  private void expire(Command command, int unitMillis, Replies replies) throws RefusedException {
    Duration time = time(command, 2, unitMillis);
    String key = command.text(1);
    boolean there = time.isPositive() ? store.expire(key, time) : store.remove(key);
    replies.number(there ? 1 : 0);
  }

  /** A time to live among the arguments. A century will do: more would overflow the clock. */
  static Duration time(Command command, int index, int unitMillis) throws RefusedException {
    long number = command.number(index);
    if (number > 100L * 366 * 24 * 60 * 60 * 1000 / unitMillis) {
      throw new RefusedException(
          "ERR invalid expire time in '" + command.text(0) + "' command");
    }
    return Duration.ofMillis(Math.max(0, number) * unitMillis);
  }

  private void timeToLive(Command command, int unitMillis, Replies replies) {
    String key = command.text(1);
    if (store.get(key) == null) {
      replies.number(-2);
      return;
    }
    Duration time = store.timeToLive(key);
    replies.number(time == null ? -1 : (time.toMillis() + unitMillis / 2) / unitMillis);
  }
}
