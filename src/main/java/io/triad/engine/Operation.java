package io.triad.engine;

import org.jspecify.annotations.Nullable;

/**
 * One request to the kernel. The object is made once and used again: it carries the arguments in,
 * and {@link #completed} takes the results out.
 *
 * <p>A result is a count or a descriptor (≥ 0), {@link #CANCELED}, or an error as {@code -code} of
 * the system at hand, which {@link Platform} can name.
 */
public abstract class Operation {
  /** What is asked of the kernel. */
  public enum Kind {
    /** Receives once into {@code address}, {@code length}; 0 is the end of the stream. */
    RECEIVE,
    /**
     * Receives again and again into buffers that the engine chooses on arrival: each completion
     * brings a {@link LoanedBuffer}, the final one brings none.
     */
    RECEIVE_LOANED,
    /** Sends {@code length} bytes from {@code address}; may send less. */
    SEND,
    /** Sends the {@code count} ranges of {@code addresses} and {@code lengths}; may send less. */
    SEND_GATHER,
    /**
     * Sends {@code length} bytes from {@code address}, which the kernel may read until the completion
     * and not beyond; may send less.
     */
    SEND_ZERO_COPY,
    /**
     * Sends {@code length} bytes of the file {@code fileDescriptor} from {@code offset} on; 0 is the
     * end of the file. May send less. The result is what the socket took.
     */
    SEND_FILE,
    /** Accepts again and again; each result is a descriptor. */
    ACCEPT,
    /** Connects to the socket address of {@code length} bytes at {@code address}. */
    CONNECT,
    /** Completes once the descriptor is ready for {@code readiness}. */
    AWAIT_READY,
    /** Closes the descriptor. */
    CLOSE
  }

  /** The result of an operation that was cancelled and of which nothing happened. */
  public static final int CANCELED = Integer.MIN_VALUE;

  /** Readiness to read, for {@link Kind#AWAIT_READY}. */
  public static final int READABLE = 1;

  /** Readiness to write, for {@link Kind#AWAIT_READY}. */
  public static final int WRITABLE = 2;

  static final int NOT_IN_FLIGHT = -1;

  private Kind kind = Kind.CLOSE;
  private int descriptor = -1;
  private int length;
  private int readiness;
  private long address;
  private long @Nullable [] addresses;
  private int @Nullable [] lengths;
  private int count;

  /** Where the engine's ledger keeps it; the engine's own. */
  private int slot = NOT_IN_FLIGHT;

  private boolean cancelRequested;
  private @Nullable OperationWatcher watcher;

  /**
   * Called on the loop for each completion.
   *
   * @param result a count, a descriptor, {@link #CANCELED}, or an error as {@code -code}
   * @param more whether further completions will follow; if not, the operation is no longer in
   *     flight
   * @param buffer what {@link Kind#RECEIVE_LOANED} received; to be released by the receiver
   */
  protected abstract void completed(int result, boolean more, @Nullable LoanedBuffer buffer);

  /** Sets it up as {@link Kind#RECEIVE}. */
  public final void receive(int descriptor, long address, int length) {
    set(Kind.RECEIVE, descriptor, address, length);
  }

  /** Sets it up as {@link Kind#RECEIVE_LOANED}. */
  public final void receiveLoaned(int descriptor) {
    set(Kind.RECEIVE_LOANED, descriptor, 0, 0);
  }

  /** Sets it up as {@link Kind#SEND}. */
  public final void send(int descriptor, long address, int length) {
    set(Kind.SEND, descriptor, address, length);
  }

  /** Sets it up as {@link Kind#SEND_GATHER}. */
  public final void sendGather(int descriptor, long[] addresses, int[] lengths, int count) {
    set(Kind.SEND_GATHER, descriptor, 0, 0);
    this.addresses = addresses;
    this.lengths = lengths;
    this.count = count;
  }

  /** Sets it up as {@link Kind#SEND_ZERO_COPY}; only if {@link Engine#sendsZeroCopy}. */
  public final void sendZeroCopy(int descriptor, long address, int length) {
    set(Kind.SEND_ZERO_COPY, descriptor, address, length);
  }

  /** Sets it up as {@link Kind#SEND_FILE}; only if {@link Engine#sendsFiles}. */
  public final void sendFile(int descriptor, int fileDescriptor, long offset, int length) {
    // Two fields that other kinds use for other things: a connection has two operations for life.
    set(Kind.SEND_FILE, descriptor, offset, length);
    count = fileDescriptor;
  }

  /** Sets it up as {@link Kind#ACCEPT}. */
  public final void accept(int descriptor) {
    set(Kind.ACCEPT, descriptor, 0, 0);
  }

  /** Sets it up as {@link Kind#CONNECT}. */
  public final void connect(int descriptor, long address, int length) {
    set(Kind.CONNECT, descriptor, address, length);
  }

  /** Sets it up as {@link Kind#AWAIT_READY}. */
  public final void awaitReady(int descriptor, int readiness) {
    set(Kind.AWAIT_READY, descriptor, 0, 0);
    this.readiness = readiness;
  }

  /** Sets it up as {@link Kind#CLOSE}. */
  public final void close(int descriptor) {
    set(Kind.CLOSE, descriptor, 0, 0);
  }

  private void set(Kind newKind, int newDescriptor, long newAddress, int newLength) {
    if (slot != NOT_IN_FLIGHT) {
      throw new IllegalStateException("the operation is in flight: " + this);
    }
    kind = newKind;
    descriptor = newDescriptor;
    address = newAddress;
    length = newLength;
  }

  /** Whether its final completion is still to come. */
  public final boolean inFlight() {
    return slot != NOT_IN_FLIGHT;
  }

  /** Whether it was asked to end early since it was submitted. */
  public final boolean cancelRequested() {
    return cancelRequested;
  }

  // ---- for engines ----

  /** What is asked. */
  public final Kind kind() {
    return kind;
  }

  /** On which descriptor. */
  public final int descriptor() {
    return descriptor;
  }

  /** Where the memory is. */
  public final long address() {
    return address;
  }

  /** How many bytes of it. */
  public final int length() {
    return length;
  }

  /** {@link #READABLE} or {@link #WRITABLE}. */
  public final int readiness() {
    return readiness;
  }

  /** Which file is sent. */
  public final int fileDescriptor() {
    return count;
  }

  /** Where in the file the first byte is. */
  public final long fileOffset() {
    return address;
  }

  /** How many ranges a gathering send has. */
  public final int count() {
    return count;
  }

  /** The start of a range of a gathering send. */
  public final long addressOf(int index) {
    assert addresses != null;
    return addresses[index];
  }

  /** The length of a range of a gathering send, in bytes. */
  public final int lengthOf(int index) {
    assert lengths != null;
    return lengths[index];
  }

  /** The place in the engine's ledger. */
  public final int slot() {
    return slot;
  }

  /** Puts it into the ledger. */
  public final void enterLedger(int place) {
    assert slot == NOT_IN_FLIGHT;
    slot = place;
    cancelRequested = false;
    EngineWatcher onlooker = EngineWatcher.installed();
    watcher = onlooker == null ? null : onlooker.submitted(this);
  }

  /** Notes that its end was asked for. */
  public final void markCancelRequested() {
    cancelRequested = true;
  }

  /** Takes it out of the ledger if this is the last completion, and delivers. */
  public final void complete(int result, boolean more, @Nullable LoanedBuffer buffer) {
    if (watcher != null) {
      watcher.completed(this, result, more);
    }
    if (!more) {
      slot = NOT_IN_FLIGHT;
      addresses = null;
      lengths = null;
    }
    completed(result, more, buffer);
  }

  @Override
  public String toString() {
    return kind + " on descriptor " + descriptor + (inFlight() ? ", in flight" : "");
  }
}
