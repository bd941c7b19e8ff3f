/**
 * Triad: structured concurrency and I/O on virtual threads, driven by the kernel's own completion
 * queues.
 */
@SuppressWarnings("requires-automatic") // the name of com.ibm.icu stands in its manifest
module io.triad {
  requires static com.ibm.icu; // without it host names are ASCII, or simple
  requires static jdk.jfr; // without it there are no events
  requires jdk.unsupported; // sun.misc.Signal, for Ctrl-C
  requires static org.jspecify;
  requires static org.junit.jupiter.api;

  exports io.triad;
  exports io.triad.lowlevel;
  exports io.triad.net;
  exports io.triad.socket;
  exports io.triad.stream;
  exports io.triad.sync;
  exports io.triad.testing;
  exports io.triad.thread;
}
