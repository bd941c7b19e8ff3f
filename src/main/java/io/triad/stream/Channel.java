package io.triad.stream;

/**
 * A channel that sends and receives objects: one side of a conversation.
 *
 * @param <T> the type of the objects
 */
public interface Channel<T> extends SendChannel<T>, ReceiveChannel<T> {}
