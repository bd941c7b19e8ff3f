package io.triad.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.triad.Triad;
import io.triad.net.Net;
import io.triad.net.SocketListener;
import io.triad.net.SocketStream;
import io.triad.stream.Adapters;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.zip.GZIPInputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Counts the words of texts that come compressed. The classes that decompress, split and print are
 * those of the JDK, made for threads that block; here they block a task each, and all tasks share
 * one thread.
 */
@Command(name = "word-server", description = "Counts the words of texts compressed by gzip.")
final class WordServer implements Callable<Integer> {
  @Parameters(paramLabel = "PORT", description = "the port; 0 lets the system choose")
  private int port;

  @Override
  public Integer call() throws IOException {
    Triad.run(
        () -> {
          List<SocketListener> listeners = Net.openTcpListeners(port, "127.0.0.1", 100);
          System.out.println("listening on " + listeners.getFirst().localAddress());
          Net.serveListeners(listeners, WordServer::countWords);
        });
    return 0;
  }

  private static void countWords(SocketStream stream) {
    Map<String, Integer> counts = new TreeMap<>();
    try (InputStream plain = new GZIPInputStream(Adapters.inputStream(stream));
        PrintWriter out = new PrintWriter(Adapters.outputStream(stream), false, UTF_8)) {
      Scanner words = new Scanner(plain, UTF_8).useDelimiter("\\W+");
      words.forEachRemaining(word -> counts.merge(word, 1, Integer::sum));
      counts.forEach((word, count) -> out.println(count + " " + word));
    } catch (IOException e) {
      System.err.println("a connection broke: " + e.getMessage()); // the others go on
    }
  }
}
