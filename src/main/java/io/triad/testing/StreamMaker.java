package io.triad.testing;

import io.triad.stream.ReceiveStream;
import io.triad.stream.SendStream;

/**
 * Makes fresh pairs of connected streams for {@link StreamChecks}.
 *
 * @param <S> the type of the first end
 * @param <R> the type of the second end
 */
@FunctionalInterface
public interface StreamMaker<S extends SendStream, R extends ReceiveStream> {
  /**
   * Makes a pair that nobody has used. Called in a task of a run, often; the caller closes both ends.
   *
   * @return two ends of a new connection
   * @throws Exception if that fails, which fails the check
   */
  StreamPair<S, R> make() throws Exception;
}
