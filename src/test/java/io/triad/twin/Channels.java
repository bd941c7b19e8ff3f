package io.triad.twin;

import io.triad.Action;
import io.triad.sync.MemoryChannel;
import io.triad.sync.MemoryReceiveChannel;
import io.triad.sync.MemorySendChannel;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The ends of a program's channels, by name: {@code h0.s} sends what {@code h0.r} receives. */
final class Channels {
  private final Interpreter interpreter;
  private final Map<String, MemorySendChannel<Integer>> senders = new TreeMap<>();
  private final Map<String, MemoryReceiveChannel<Integer>> receivers = new TreeMap<>();

  Channels(Interpreter interpreter, Program program) {
    this.interpreter = interpreter;
    List<Integer> sizes = program.channels();
    for (int i = 0; i < sizes.size(); i++) {
      int size = sizes.get(i);
      MemoryChannel<Integer> channel =
          MemoryChannel.open(size == Statement.FOREVER ? MemoryChannel.UNLIMITED : size);
      senders.put("h" + i + ".s", channel.sender());
      receivers.put("h" + i + ".r", channel.receiver());
    }
  }

  @Nullable String perform(Statement statement) throws Exception {
    String name = statement.name();
    MemorySendChannel<Integer> sender = senders.get(name);
    if (sender != null) {
      return perform(statement, sender);
    }
    MemoryReceiveChannel<Integer> receiver = receivers.get(name);
    return receiver == null ? "absent" : perform(statement, receiver);
  }

  private @Nullable String perform(Statement statement, MemorySendChannel<Integer> sender)
      throws Exception {
    switch (statement.op()) {
      case "send" -> own(statement, () -> sender.send(statement.id()));
      case "send_nowait" -> own(statement, () -> sender.sendNowait(statement.id()));
      case "clone" -> senders.put(
          statement.text("to"), interpreter.own(statement, sender::duplicate));
      case "close" -> close(sender::closeNow);
      case "aclose" -> sender.close();
      case "h_stat" -> {
        return text(sender.statistics());
      }
      default -> throw new AssertionError(statement);
    }
    return null;
  }

  private @Nullable String perform(Statement statement, MemoryReceiveChannel<Integer> receiver)
      throws Exception {
    switch (statement.op()) {
      case "receive" -> {
        return interpreter.own(statement, receiver::receive).toString();
      }
      case "receive_nowait" -> {
        return interpreter.own(statement, receiver::receiveNowait).toString();
      }
      case "clone" -> receivers.put(
          statement.text("to"), interpreter.own(statement, receiver::duplicate));
      case "close" -> close(receiver::closeNow);
      case "aclose" -> receiver.close();
      case "h_stat" -> {
        return text(receiver.statistics());
      }
      default -> throw new AssertionError(statement);
    }
    return null;
  }

  private void close(Runnable closing) {
    if (!interpreter.has(Defect.CLOSE_FORGOTTEN)) {
      closing.run();
    }
  }

  private void own(Statement statement, Action<?> action) throws Exception {
    interpreter.<@Nullable String>own(
        statement,
        () -> {
          action.run();
          return null;
        });
  }

  void finalStatistics(TwinTask task) {
    Map<String, MemoryChannel.Statistics> all = new TreeMap<>();
    senders.forEach((name, sender) -> all.put(name, sender.statistics()));
    receivers.forEach((name, receiver) -> all.put(name, receiver.statistics()));
    all.forEach((name, found) -> interpreter.trace().log(task, 0, name + " " + text(found)));
  }

  private static String text(MemoryChannel.Statistics found) {
    return "used=" + found.bufferUsed() + "/" + Trace.number(found.capacity())
        + " peak=" + found.bufferPeak()
        + " open=" + found.openSendChannels() + "," + found.openReceiveChannels()
        + " waiting=" + found.tasksWaitingSend() + "," + found.tasksWaitingReceive();
  }
}
