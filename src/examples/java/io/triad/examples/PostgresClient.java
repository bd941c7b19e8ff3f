package io.triad.examples;

import io.triad.Cancelled;
import io.triad.Nursery;
import io.triad.Triad;
import io.triad.net.TriadSocketFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The JDBC driver of PostgreSQL in tasks. It blocks its thread by nature; given the name of a class
 * that makes sockets of Triad, it blocks its task only. Ten queries that take 0.3 seconds each are
 * through in little more than that, on one thread; and one that takes too long is cancelled like any
 * other wait.
 */
@Command(
    name = "postgres-client",
    description = "Has many connections to PostgreSQL share one thread.")
final class PostgresClient implements Callable<Integer> {
  private static final int ROWS = 100;

  @Parameters(paramLabel = "URL", description = "such as jdbc:postgresql://127.0.0.1:5432/postgres")
  private String url = "";

  @Option(names = "--user", defaultValue = "postgres", description = "(default: ${DEFAULT-VALUE})")
  private String user = "";

  @Option(names = "--password", defaultValue = "", description = "(default: none)")
  private String password = "";

  @Option(
      names = "--connections",
      defaultValue = "10",
      description = "how many (default: ${DEFAULT-VALUE})")
  private int connections;

  @Override
  public Integer call() throws SQLException {
    return Triad.run(this::everything) ? 0 : 1;
  }

  private boolean everything() throws SQLException {
    try (Connection first = connect();
        Statement statement = first.createStatement()) {
      statement.execute("drop table if exists triad_example");
      statement.execute("create table triad_example (writer int, number int)");
      long began = System.nanoTime();
      Nursery.open(
          nursery -> {
            for (int i = 0; i < connections; i++) {
              int writer = i;
              nursery.startSoon("writer " + i, () -> write(writer));
            }
          });
      long tookMillis = Duration.ofNanos(System.nanoTime() - began).toMillis();
      int found = count(statement);
      statement.execute("drop table triad_example");
      System.out.println(
          connections + " transactions of 300 ms took " + tookMillis + " ms; rows: " + found);
      boolean givenUp =
          Triad.moveOnAfter(Duration.ofMillis(200), _ -> sleepForLong()).cancelledCaught();
      System.out.println(givenUp ? "a long query was given up" : "a long query was short");
      return found == connections * ROWS && givenUp;
    }
  }

  private static int count(Statement statement) throws SQLException {
    try (ResultSet result = statement.executeQuery("select count(*) from triad_example")) {
      result.next();
      return result.getInt(1);
    }
  }

  private void write(int writer) throws SQLException {
    try (Connection connection = connect()) {
      connection.setAutoCommit(false);
      try (PreparedStatement insert =
          connection.prepareStatement("insert into triad_example values (?, ?)")) {
        for (int number = 0; number < ROWS; number++) {
          insert.setInt(1, writer);
          insert.setInt(2, number);
          insert.addBatch();
        }
        insert.executeBatch();
      }
      sleep(connection, 0.3);
      connection.commit();
    }
  }

  private void sleepForLong() throws SQLException {
    try (Connection connection = connect()) {
      try {
        sleep(connection, 60);
      } catch (Cancelled e) {
        connection.abort(Runnable::run); // the answer is still to come: of no use any more
        throw e;
      }
    }
  }

  /** Blocks at the server. */
  private static void sleep(Connection connection, double seconds) throws SQLException {
    try (PreparedStatement sleep = connection.prepareStatement("select pg_sleep(?)")) {
      sleep.setDouble(1, seconds);
      sleep.execute();
    }
  }

  private Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("socketFactory", TriadSocketFactory.class.getName());
    return DriverManager.getConnection(url, properties);
  }
}
