package io.triad.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.triad.CancelScope;
import io.triad.Nursery;
import io.triad.Triad;
import io.triad.WouldBlockException;
import io.triad.net.Net;
import io.triad.net.SocketListener;
import io.triad.net.SocketStream;
import io.triad.stream.BufferedReceiver;
import io.triad.stream.LimitExceededException;
import io.triad.sync.MemoryChannel;
import io.triad.sync.MemoryReceiveChannel;
import io.triad.sync.MemorySendChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Hands every line to everybody else. Each guest has two tasks, one that listens and one that speaks,
 * and between them a mailbox that holds so much and no more: whoever does not read what the others
 * say is shown the door when it is full, and nobody has waited for him.
 */
@Command(name = "chat-server", description = "Hands every line to everybody else.")
final class ChatServer implements Callable<Integer> {
  private static final int MAX_LINE_BYTES = 1000;

  /** A line is held once, however many mailboxes it is in: a full one costs little by itself. */
  private static final int MAX_WAITING_LINES = 4096;

  private static final Duration TIME_FOR_NAME = Duration.ofSeconds(60);
  private static final Duration TIME_FOR_GOODBYE = Duration.ofSeconds(5);
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_-]{1,20}");

  @Parameters(paramLabel = "PORT", description = "the port; 0 lets the system choose")
  private int port;

  /** The two tasks of a guest, and what is to be said to him. */
  private record Guest(Nursery tasks, MemorySendChannel<byte[]> mailbox) {}

  /** Who is here. No lock: tasks of a run switch only where they wait. */
  private final Map<String, Guest> guests = new LinkedHashMap<>();

  @Override
  public Integer call() throws IOException {
    Triad.run(
        () -> {
          List<SocketListener> listeners = Net.openTcpListeners(port, "127.0.0.1", 1000);
          System.out.println("listening on " + listeners.getFirst().localAddress());
          Net.serveListeners(listeners, stream -> Isolated.run(() -> welcome(stream)));
        });
    return 0;
  }

  /** Ends when the guest has closed his side and has been told the rest, or has been shown out. */
  private void welcome(SocketStream stream) {
    MemoryChannel<byte[]> mailbox = MemoryChannel.open(MAX_WAITING_LINES);
    Nursery.open(
        tasks -> {
          tasks.startSoon("speak", () -> speak(mailbox.receiver(), stream));
          try (MemorySendChannel<byte[]> open = mailbox.sender()) {
            listen(new BufferedReceiver(stream), new Guest(tasks, open));
          }
          tasks.cancelScope().setTimeout(TIME_FOR_GOODBYE);
        });
  }

  /** Says what is in the mailbox, all of it at once: in a crowd, lines come faster than turns. */
  private static void speak(MemoryReceiveChannel<byte[]> mailbox, SocketStream stream)
      throws IOException {
    mailbox.forEach(
        first -> {
          List<ByteBuffer> lines = new ArrayList<>();
          lines.add(ByteBuffer.wrap(first));
          for (int more = mailbox.statistics().bufferUsed(); more > 0; more--) {
            lines.add(ByteBuffer.wrap(mailbox.receiveNowait()));
          }
          stream.sendAll(lines);
        });
  }

  private void listen(BufferedReceiver lines, Guest guest) throws IOException {
    CancelScope patience = new CancelScope().setTimeout(TIME_FOR_NAME);
    @Nullable String[] name = new @Nullable String[1];
    patience.enter(_ -> name[0] = askName(lines, guest));
    if (name[0] != null) {
      passOn(lines, guest, name[0]);
    }
  }

  private void passOn(BufferedReceiver lines, Guest guest, String name) throws IOException {
    try {
      for (String line; (line = lines.receiveLine(UTF_8, MAX_LINE_BYTES)) != null;) {
        tellOthers(name, name + ": " + line);
      }
    } catch (LimitExceededException e) {
      tell(guest, "* that was too long");
    } finally {
      guests.remove(name);
      tellOthers(name, "* " + name + " has gone");
    }
  }

  /** The name under which the guest is now here; null if he left before he had one. */
  private @Nullable String askName(BufferedReceiver lines, Guest guest) throws IOException {
    tell(guest, "* your name?");
    for (String name; (name = lines.receiveLine(UTF_8, MAX_LINE_BYTES)) != null;) {
      if (NAME.matcher(name).matches() && !guests.containsKey(name)) {
        tell(guest, "* here are: " + String.join(" ", guests.keySet()));
        guests.put(name, guest);
        tellOthers(name, "* " + name + " has come");
        return name;
      }
      tell(guest, "* another one, please: letters and digits, at most 20");
    }
    return null;
  }

  private void tellOthers(String speaker, String line) throws IOException {
    byte[] bytes = (line + "\n").getBytes(UTF_8);
    for (Map.Entry<String, Guest> other : guests.entrySet()) {
      if (!other.getKey().equals(speaker)) {
        deliver(other.getValue(), bytes);
      }
    }
  }

  private static void tell(Guest guest, String line) throws IOException {
    deliver(guest, (line + "\n").getBytes(UTF_8));
  }

  /** Puts a line into the mailbox of a guest, who is shown out if it is full. Does not wait. */
  private static void deliver(Guest guest, byte[] line) throws IOException {
    try {
      guest.mailbox.sendNowait(line);
    } catch (WouldBlockException full) {
      guest.tasks.cancelScope().cancel("he does not read what the others say");
    }
  }
}
