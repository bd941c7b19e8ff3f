package io.triad.testing;

import io.triad.stream.ReceiveStream;
import io.triad.stream.SendStream;

/**
 * Two ends of one connection: what goes into the first comes out of the second, and the other way
 * round if both ends do both.
 *
 * @param sender the first end
 * @param receiver the second end
 * @param <S> the type of the first end
 * @param <R> the type of the second end
 */
public record StreamPair<S extends SendStream, R extends ReceiveStream>(S sender, R receiver) {}
