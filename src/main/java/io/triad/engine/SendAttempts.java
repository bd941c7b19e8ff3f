package io.triad.engine;

import java.lang.foreign.Arena;

/**
 * How a {@link ReadinessEngine} tries to send. What was handed over is kept in the request, so a send
 * goes on where the socket was full, and ends when all of it is handed over: its owner is woken once.
 */
final class SendAttempts {
  /** What an attempt answers that could go on at once, and should let others have their turn. */
  static final int GO_ON = Integer.MIN_VALUE + 3;

  /** What one operation hands over at most, because results are {@code int}s. */
  private static final int MAX_SEND_BYTES = 1 << 30;

  /** How much of a file one call hands over at most. */
  private static final int MAX_FILE_PIECE_BYTES = 1 << 20;

  private final NonBlockingCalls calls;
  private final Message message;

  SendAttempts(NonBlockingCalls calls, Arena arena) {
    this.calls = calls;
    message = new Message(arena);
  }

  /**
   * Tries once.
   *
   * @return the result of the operation, or an error that ends it, or {@link NonBlockingCalls#AGAIN}
   *     if it has to wait for room, or {@link #GO_ON}
   */
  int attempt(Request request, Operation operation) {
    return switch (operation.kind()) {
      case SEND, SEND_ZERO_COPY -> send(request, operation);
      case SEND_GATHER -> sendGather(request, operation);
      case SEND_FILE -> sendFile(request, operation);
      default -> throw new IllegalArgumentException("sends nothing: " + operation);
    };
  }

  /** A short count means that the socket is full: epoll(7). */
  private int send(Request request, Operation operation) {
    int length = operation.length();
    int done = request.progress;
    int sent = calls.send(operation.descriptor(), operation.address() + done, length - done, 0);
    if (sent < 0) {
      return sent;
    }
    request.progress = done + sent;
    return request.progress == length ? length : NonBlockingCalls.AGAIN;
  }

  /** More ranges than one call takes are several calls. */
  private int sendGather(Request request, Operation operation) {
    for (;;) {
      int prepared = prepareMessage(operation, request.progress);
      if (prepared == 0 && request.progress > 0) {
        return request.progress;
      }
      int sent = calls.send(operation.descriptor(), message, 0);
      if (sent < 0 || prepared == 0) {
        return sent;
      }
      request.progress += sent;
      if (sent < prepared) {
        return NonBlockingCalls.AGAIN;
      }
    }
  }

  /** Puts the ranges into the message from where the last call came to; answers their bytes. */
  private int prepareMessage(Operation operation, int done) {
    message.clear();
    int room = MAX_SEND_BYTES - done;
    int skip = done;
    int prepared = 0;
    for (int i = 0; i < operation.count() && message.count() < Message.MAX_RANGES; i++) {
      int length = operation.lengthOf(i);
      if (skip >= length) {
        skip -= length;
        continue;
      }
      int piece = Math.min(length - skip, room - prepared);
      if (piece > 0) {
        message.add(operation.addressOf(i) + skip, piece);
        prepared += piece;
      }
      skip = 0;
    }
    return prepared;
  }

  /** A piece at a time, between which others have their turns: the disk may hold each of them up. */
  private int sendFile(Request request, Operation operation) {
    int done = request.progress;
    int piece = Math.min(operation.length() - done, MAX_FILE_PIECE_BYTES);
    int sent =
        calls.sendFile(
            operation.descriptor(),
            operation.fileDescriptor(),
            operation.fileOffset() + done,
            piece);
    if (sent < 0) {
      return sent;
    }
    request.progress = done + sent;
    boolean ended = sent == 0; // the file
    return ended || request.progress == operation.length() ? request.progress : GO_ON;
  }
}
