/**
 * Triad: structured concurrency and I/O on virtual threads, driven by the kernel's own completion
 * queues.
 */
module io.triad {
  requires static org.jspecify;

  exports io.triad;
  exports io.triad.net;
  exports io.triad.stream;
  exports io.triad.sync;
  exports io.triad.testing;
}
