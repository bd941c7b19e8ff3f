package io.triad.engine.simulated;

/** What may happen in a world that behaves less well than it could; each by chance, on each occasion. */
public enum Mishap {
  /** A transfer moves but a part of what it could. */
  PARTIAL_TRANSFER,
  /** A completion is reported late, and overtaken by those of other streams. */
  LATE_COMPLETION,
  /** A cancellation takes effect late, so that the result may win. */
  LATE_CANCELLATION,
  /** An operation begins when it is submitted, and not when the engine is polled. */
  EARLY_START,
  /** The engine's receive buffers seem to be all in use. */
  NO_RECEIVE_BUFFER,
  /** A segment is lost, and its connection with it: both ends find it reset. */
  RESET,
  /** A connection that waits to be accepted comes to nothing: ECONNABORTED. */
  ABORTED,
  /** An attempt to connect is refused although somebody listens: ECONNREFUSED. */
  REFUSED,
  /** There is no way to who listens: EHOSTUNREACH. */
  UNREACHABLE,
  /** An attempt to connect gets no answer; it ends after two minutes: ETIMEDOUT. */
  UNANSWERED,
  /** A datagram does not arrive. */
  DATAGRAM_LOSS,
  /** A datagram arrives twice. */
  DATAGRAM_DUPLICATION,
  /** A datagram does not keep to the order: what is sent after it may arrive before. */
  DATAGRAM_REORDERING,
  /** There is no descriptor for a new socket or connection: EMFILE. */
  NO_DESCRIPTOR,
  /** There is no memory for a new socket or connection: ENOBUFS. */
  NO_MEMORY
}
