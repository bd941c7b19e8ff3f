package io.triad.examples.redis;

import io.triad.examples.redis.Command.Action;
import io.triad.examples.redis.Command.RefusedException;
import java.util.HashMap;
import java.util.Map;

/** What can be done, by name. */
final class Commands {
  private static final int MAX_NAME_IN_ERROR = 64;

  private record Rule(int minWords, int maxWords, Action action) {}

  private final Map<String, Rule> rules = new HashMap<>();

  Commands(Store store) {
    new ServerCommands(store).addTo(this);
    new KeyCommands(store).addTo(this);
    new TextCommands(store).addTo(this);
    new CollectionCommands(store).addTo(this);
  }

  /** Adds a command with a number of arguments. */
  void add(String name, int arguments, Action action) {
    rules.put(name, new Rule(arguments + 1, arguments + 1, action));
  }

  /** Adds a command with at least so many arguments. */
  void addOpen(String name, int atLeast, Action action) {
    rules.put(name, new Rule(atLeast + 1, Integer.MAX_VALUE, action));
  }

  int size() {
    return rules.size();
  }

  /** Executes a command; its reply, be it an error, is added to the others. */
  void execute(Command command, Replies replies) {
    Rule rule = rules.get(command.name());
    if (rule == null) {
      replies.error("ERR unknown command '" + shortened(command.text(0)) + "'");
    } else if (command.size() < rule.minWords || command.size() > rule.maxWords) {
      replies.error("ERR wrong number of arguments for '" + command.text(0) + "' command");
    } else {
      try {
        rule.action.run(command, replies);
      } catch (RefusedException | WrongTypeException e) {
        replies.error(String.valueOf(e.getMessage()));
      }
    }
  }

  private static String shortened(String name) {
    return name.length() <= MAX_NAME_IN_ERROR ? name : name.substring(0, MAX_NAME_IN_ERROR);
  }
}
