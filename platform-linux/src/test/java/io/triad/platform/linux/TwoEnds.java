package io.triad.platform.linux;

/** Ways to get two descriptors: what is written to the second one can be read from the first. */
enum TwoEnds {
  SOCKETS,
  PIPE;

  int[] open() {
    return this == PIPE ? PosixCalls.pipe() : PosixCalls.socketPair();
  }

  int put(int descriptor, byte[] bytes) {
    return this == PIPE
        ? PosixCalls.write(descriptor, bytes)
        : PosixCalls.send(descriptor, bytes, 0, bytes.length);
  }

  int take(int descriptor, byte[] to) {
    return this == PIPE ? PosixCalls.read(descriptor, to) : PosixCalls.receive(descriptor, to);
  }

  void fill(int descriptor) {
    byte[] much = new byte[1 << 14];
    while (put(descriptor, much) > 0 || put(descriptor, new byte[1]) > 0) {
      // until neither fits
    }
  }

  void drain(int descriptor) {
    byte[] much = new byte[1 << 16];
    while (take(descriptor, much) > 0) {
      // until nothing is left
    }
  }
}
