package io.triad.examples;

import io.triad.Nursery;
import io.triad.Triad;
import io.triad.net.TriadSocketFactory;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Jedis, a client library for Redis that blocks its thread, in tasks: it is given sockets of Triad
 * and otherwise knows nothing of it. Many clients share one thread, and where one blocks the others
 * go on.
 */
@Command(name = "redis-client", description = "Has many blocking Redis clients share one thread.")
final class RedisClient implements Callable<Integer> {
  private static final String COUNTER = "triad:counter";
  private static final String QUEUE = "triad:queue";

  @Parameters(paramLabel = "HOST", description = "the server's name or address")
  private String host = "";

  @Parameters(paramLabel = "PORT", description = "the server's port")
  private int port;

  @Option(
      names = "--clients",
      defaultValue = "20",
      description = "how many (default: ${DEFAULT-VALUE})")
  private int clients;

  @Option(
      names = "--commands",
      defaultValue = "500",
      description = "how many each one sends (default: ${DEFAULT-VALUE})")
  private int commands;

  @Option(names = "--no-queue", description = "leaves out what blocks at the server")
  private boolean noQueue;

  @Override
  public Integer call() {
    return Triad.run(this::everything) ? 0 : 1;
  }

  private boolean everything() {
    try (Jedis first = connect()) {
      first.del(COUNTER, QUEUE);
      long began = System.nanoTime();
      Nursery.open(
          nursery -> {
            if (!noQueue) {
              nursery.startSoon("waits at the server", this::awaitLast);
            }
            Nursery.open(
                counting -> {
                  for (int i = 1; i <= clients; i++) {
                    counting.startSoon("client " + i, this::count);
                  }
                });
            first.rpush(QUEUE, "done");
          });
      double seconds = (System.nanoTime() - began) / 1e9;
      long expected = (long) clients * commands;
      String counted = first.get(COUNTER);
      first.del(COUNTER, QUEUE);
      System.out.printf(
          Locale.ROOT, "%d clients counted to %s of %d, %.0f commands/s on one thread%n",
          clients, counted, expected, expected / seconds);
      return Long.toString(expected).equals(counted);
    }
  }

  private void count() {
    try (Jedis jedis = connect()) {
      for (int i = 0; i < commands; i++) {
        jedis.incr(COUNTER);
      }
    }
  }

  private void awaitLast() {
    try (Jedis jedis = connect()) {
      List<String> popped = jedis.blpop(60, QUEUE);
      System.out.println("out of the queue came: " + popped.getLast());
    }
  }

  private Jedis connect() {
    JedisSocketFactory sockets =
        () -> {
          try {
            return TriadSocketFactory.getDefault().createSocket(host, port);
          } catch (IOException e) {
            throw new JedisConnectionException(e);
          }
        };
    return new Jedis(sockets);
  }
}
