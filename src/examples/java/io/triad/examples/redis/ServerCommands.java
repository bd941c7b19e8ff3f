package io.triad.examples.redis;

import io.triad.examples.redis.Command.RefusedException;

/** Commands about the connection and the server. Just enough for the tools that come with Redis. */
final class ServerCommands {
  private final Store store;

  ServerCommands(Store store) {
    this.store = store;
  }

  void addTo(Commands commands) {
    commands.addOpen("PING", 0, ServerCommands::ping);
    commands.add("ECHO", 1, (command, replies) -> replies.text(command.bytes(1)));
    commands.add("QUIT", 0, (_, replies) -> replies.ok()); // the connection sees to the rest
    commands.add("SELECT", 1, ServerCommands::select);
    commands.addOpen("HELLO", 0, ServerCommands::hello);
    commands.addOpen("CLIENT", 1, ServerCommands::client);
    commands.addOpen("CONFIG", 1, ServerCommands::config);
    commands.addOpen("COMMAND", 0, (command, replies) -> {
      if (command.size() > 1 && command.option(1).equals("COUNT")) {
        replies.number(commands.size());
      } else {
        replies.array(0);
      }
    });
    commands.addOpen("INFO", 0, (_, replies) -> replies.text(
        "# Server\r\nredis_version:0.0.0-triad\r\nredis_mode:standalone\r\n"
            + "# Keyspace\r\ndb0:keys=" + store.size() + "\r\n"));
    commands.add("DBSIZE", 0, (_, replies) -> replies.number(store.size()));
    commands.addOpen("FLUSHDB", 0, (_, replies) -> flush(replies));
    commands.addOpen("FLUSHALL", 0, (_, replies) -> flush(replies));
  }

  private static void ping(Command command, Replies replies) throws RefusedException {
    switch (command.size()) {
      case 1 -> replies.status("PONG");
      case 2 -> replies.text(command.bytes(1));
      default -> throw new RefusedException("ERR wrong number of arguments for 'ping' command");
    }
  }

  private static void select(Command command, Replies replies) throws RefusedException {
    if (command.number(1) != 0) {
      throw new RefusedException("ERR DB index is out of range");
    }
    replies.ok();
  }

  private static void hello(Command command, Replies replies) throws RefusedException {
    if (command.size() > 1 && command.number(1) != 2) {
      throw new RefusedException("NOPROTO unsupported protocol version");
    }
    replies.array(6);
    replies.text("server");
    replies.text("redis");
    replies.text("version");
    replies.text("0.0.0-triad");
    replies.text("proto");
    replies.number(2);
  }

  private static void client(Command command, Replies replies) throws RefusedException {
    switch (command.option(1)) {
      case "SETNAME", "SETINFO" -> replies.ok();
      case "GETNAME" -> replies.nothing();
      default -> throw new RefusedException("ERR unknown subcommand");
    }
  }

  /** Has no settings; says so in the way that redis-benchmark understands. */
  private static void config(Command command, Replies replies) throws RefusedException {
    if (!command.option(1).equals("GET") || command.size() < 3) {
      throw new RefusedException("ERR there is nothing to configure");
    }
    replies.array(2);
    replies.text(command.bytes(2));
    replies.text("");
  }

  private void flush(Replies replies) {
    store.clear();
    replies.ok();
  }
}
