package io.triad.stream;

/**
 * A stream of bytes in both directions. Sending and receiving do not disturb each other (STR-09).
 * (Trio calls it {@code Stream}; in Java that name is taken.)
 */
public interface ByteStream extends SendStream, ReceiveStream {}
