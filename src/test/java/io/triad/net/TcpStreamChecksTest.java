package io.triad.net;

import io.triad.Triad;
import io.triad.testing.StreamChecks;
import io.triad.testkit.LeakCheck;
import io.triad.testkit.TcpPairs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(60)
final class TcpStreamChecksTest {
  @Test
  void net_15_tcp_streams_pass_the_half_closeable_checks() {
    Triad.run(() -> StreamChecks.checkHalfCloseableStream(TcpPairs::open, TcpPairs::clogged));
  }
}
