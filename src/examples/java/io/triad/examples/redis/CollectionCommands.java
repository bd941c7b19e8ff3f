package io.triad.examples.redis;

import io.triad.examples.redis.Command.RefusedException;
import io.triad.examples.redis.Value.Fields;
import io.triad.examples.redis.Value.Items;
import io.triad.examples.redis.Value.Members;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Commands about lists, sets and maps. A key whose collection becomes empty is gone. */
final class CollectionCommands {
  private final Store store;

  CollectionCommands(Store store) {
    this.store = store;
  }

  void addTo(Commands commands) {
    commands.addOpen("LPUSH", 2, (command, replies) -> push(command, true, replies));
    commands.addOpen("RPUSH", 2, (command, replies) -> push(command, false, replies));
    commands.add("LPOP", 1, (command, replies) -> pop(command, true, replies));
    commands.add("RPOP", 1, (command, replies) -> pop(command, false, replies));
    commands.add("LLEN", 1, (command, replies) -> replies.number(items(command).size()));
    commands.add("LRANGE", 3, this::range);

    commands.addOpen("SADD", 2, (command, replies) -> {
      Set<String> members =
          store.get(command.text(1), Members.class, () -> new Members(new LinkedHashSet<>()))
              .members();
      int before = members.size();
      for (int i = 2; i < command.size(); i++) {
        members.add(command.text(i));
      }
      replies.number(members.size() - before);
    });
    commands.addOpen("SREM", 2, (command, replies) -> {
      Set<String> members = members(command);
      int before = members.size();
      for (int i = 2; i < command.size(); i++) {
        members.remove(command.text(i));
      }
      replies.number(before - members.size());
      removeIf(members.isEmpty(), command);
    });
    commands.add("SMEMBERS", 1, (command, replies) -> replies.texts(members(command)));
    commands.add("SCARD", 1, (command, replies) -> replies.number(members(command).size()));
    commands.add("SISMEMBER", 2,
        (command, replies) -> replies.number(members(command).contains(command.text(2)) ? 1 : 0));

    commands.addOpen("HSET", 3, this::setFields);
    commands.add("HGET", 2, (command, replies) -> {
      byte[] value = fields(command).get(command.text(2));
      if (value == null) {
        replies.nothing();
      } else {
        replies.text(value);
      }
    });
    commands.addOpen("HDEL", 2, (command, replies) -> {
      Map<String, byte[]> fields = fields(command);
      int before = fields.size();
      for (int i = 2; i < command.size(); i++) {
        fields.remove(command.text(i));
      }
      replies.number(before - fields.size());
      removeIf(fields.isEmpty(), command);
    });
    commands.add("HGETALL", 1, (command, replies) -> {
      Map<String, byte[]> fields = fields(command);
      replies.array(fields.size() * 2);
      fields.forEach((name, value) -> {
        replies.text(name);
        replies.text(value);
      });
    });
    commands.add("HLEN", 1, (command, replies) -> replies.number(fields(command).size()));
    commands.add("HEXISTS", 2,
        (command, replies) -> replies.number(fields(command).containsKey(command.text(2)) ? 1 : 0));
  }

  // ---- to look at or take from: empty if the key has nothing ----

  private ArrayDeque<byte[]> items(Command command) {
    Items found = store.get(command.text(1), Items.class);
    return found == null ? new ArrayDeque<>(1) : found.items();
  }

  private Set<String> members(Command command) {
    Members found = store.get(command.text(1), Members.class);
    return found == null ? new LinkedHashSet<>() : found.members();
  }

  private Map<String, byte[]> fields(Command command) {
    Fields found = store.get(command.text(1), Fields.class);
    return found == null ? new LinkedHashMap<>() : found.fields();
  }

  private void removeIf(boolean empty, Command command) {
    if (empty) {
      store.remove(command.text(1));
    }
  }

  // ---- lists ----

  private void push(Command command, boolean left, Replies replies) {
    ArrayDeque<byte[]> items =
        store.get(command.text(1), Items.class, () -> new Items(new ArrayDeque<>())).items();
    for (int i = 2; i < command.size(); i++) {
      if (left) {
        items.addFirst(command.bytes(i));
      } else {
        items.addLast(command.bytes(i));
      }
    }
    replies.number(items.size());
  }

  private void pop(Command command, boolean left, Replies replies) {
    ArrayDeque<byte[]> items = items(command);
    byte[] item = left ? items.pollFirst() : items.pollLast();
    if (item == null) {
      replies.nothing();
    } else {
      replies.text(item);
      removeIf(items.isEmpty(), command);
    }
  }

  /** From one index to another, that included; negative ones count from the end. */
  private void range(Command command, Replies replies) throws RefusedException {
    ArrayDeque<byte[]> items = items(command);
    long first = Math.max(0, index(command.number(2), items.size()));
    long last = Math.min(items.size() - 1, index(command.number(3), items.size()));
    int count = (int) Math.max(0, last - first + 1);
    replies.array(count);
    items.stream().skip(first).limit(count).forEach(replies::text);
  }

  private static long index(long number, int size) {
    return number < 0 ? size + number : number;
  }

  // ---- maps ----

  private void setFields(Command command, Replies replies) throws RefusedException {
    if (command.size() % 2 != 0) {
      throw new RefusedException("ERR wrong number of arguments for 'hset' command");
    }
    Map<String, byte[]> fields =
        store.get(command.text(1), Fields.class, () -> new Fields(new LinkedHashMap<>())).fields();
    int before = fields.size();
    for (int i = 2; i < command.size(); i += 2) {
      fields.put(command.text(i), command.bytes(i + 1));
    }
    replies.number(fields.size() - before);
  }
}
