package io.triad.examples;

import io.triad.Triad;
import io.triad.examples.http.HttpServer;
import io.triad.examples.redis.KeyValueServer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;

/** Picks a program by its name. Exit status: 0 fine, 1 it failed, 2 bad arguments. */
@Command(
    name = "triad-examples",
    description = "Small programs on Triad.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "PROGRAM",
    subcommands = {
      EchoServer.class,
      EchoClient.class,
      LineServer.class,
      WordServer.class,
      HttpServer.class,
      KeyValueServer.class,
      ChatServer.class,
      TcpProxy.class,
      UdpEchoServer.class,
      RedisClient.class,
      PostgresClient.class,
      TimeOuts.class,
      Race.class,
      Pipeline.class,
      Hashing.class,
      MockClockTests.class,
      HostLoop.class,
      Demo.class,
      JdkEchoServer.class
    })
public final class Main {
  /** Runs a program. */
  public static void main(String[] args) {
    IExecutionExceptionHandler oneLine =
        (exception, command, parsed) -> {
          command.getErr().println(exception.getMessage());
          return CommandLine.ExitCode.SOFTWARE;
        };
    IParameterExceptionHandler usage =
        (exception, wrong) -> {
          CommandLine command = exception.getCommandLine();
          command.getErr().println(exception.getMessage());
          command.usage(command.getErr());
          return CommandLine.ExitCode.USAGE;
        };
    System.exit(
        new CommandLine(new Main())
            .setExecutionExceptionHandler(oneLine)
            .setParameterExceptionHandler(usage)
            .execute(args));
  }

  @Command(name = "explain", description = "Says which engine is used here, and why.")
  int explain() {
    System.out.println(Triad.explain());
    return CommandLine.ExitCode.OK;
  }
}
