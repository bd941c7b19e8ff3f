package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.Nursery;
import io.triad.lowlevel.Lowlevel;
import io.triad.testkit.LeakCheck;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What tests that wait for descriptors share: owns those, and notes who has gone on. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
abstract class DescriptorWaiting {
  static final byte[] ONE = {1};

  private final List<Integer> open = new ArrayList<>();
  final List<String> log = new ArrayList<>();

  /** Has these closed after the test, if it does not close them itself. */
  final int[] own(int... descriptors) {
    for (int descriptor : descriptors) {
      open.add(descriptor);
    }
    return descriptors;
  }

  final void close(int descriptor) {
    assertThat(PosixCalls.close(descriptor)).isZero();
    open.remove((Integer) descriptor);
  }

  @AfterEach
  final void closeAll() {
    open.forEach(PosixCalls::close);
  }

  /** Starts a task that waits until something can be read, and notes it. */
  final void startReader(Nursery nursery, int descriptor) {
    nursery.startSoon(
        () -> {
          Lowlevel.waitReadable(descriptor);
          log.add("readable");
        });
  }

  /** Starts a task that waits until something can be written, and notes it. */
  final void startWriter(Nursery nursery, int descriptor) {
    nursery.startSoon(
        () -> {
          Lowlevel.waitWritable(descriptor);
          log.add("writable");
        });
  }
}
