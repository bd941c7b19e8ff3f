package io.triad.bench;

/**
 * One measurement of one server in one round; times in nanoseconds.
 *
 * @param serverCpu user and kernel time of all threads of the server
 * @param loadCpu the same of the load generator
 * @param otherCpu what everything else on the machine used meanwhile, stolen time included
 */
record EchoSample(
    EchoCell cell,
    int round,
    String server,
    long messages,
    double seconds,
    long p50,
    long p99,
    long p999,
    long serverCpu,
    long loadCpu,
    long otherCpu) {

  /** Reads a line of {@code echo.csv}, whose columns {@code ci/bench-echo} names. */
  static EchoSample parse(String line) {
    String[] fields = line.split(",", -1);
    return new EchoSample(
        new EchoCell(Integer.parseInt(fields[0]), Integer.parseInt(fields[1])),
        Integer.parseInt(fields[2]),
        fields[3],
        Long.parseLong(fields[4]),
        Double.parseDouble(fields[5]),
        Long.parseLong(fields[6]),
        Long.parseLong(fields[7]),
        Long.parseLong(fields[8]),
        Long.parseLong(fields[10]),
        Long.parseLong(fields[11]),
        Long.parseLong(fields[12]));
  }

  double messagesPerSecond() {
    return messages / seconds;
  }

  double cpuMicrosPerMessage() {
    return serverCpu / 1e3 / messages;
  }

  /** Share of its core the server used. */
  double serverBusy() {
    return serverCpu / 1e9 / seconds;
  }

  /** Share of its core the load generator used. */
  double loadBusy() {
    return loadCpu / 1e9 / seconds;
  }

  /** Processors kept busy by others; 1 is one whole processor. */
  double othersBusy() {
    return otherCpu / 1e9 / seconds;
  }
}
