package io.triad.testing;

import io.triad.Action;
import io.triad.ClosedResourceException;
import io.triad.PartialResult;
import io.triad.Triad;
import io.triad.stream.SendStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * A sending stream for tests whose other end is the test: what is sent lies in memory, without
 * limit, until the test fetches it by {@link #getData} or {@link #getDataNowait}.
 *
 * <p>Three hooks let a test take part. Each is called in the task that called the stream, and may do
 * what that task may do: fetch the data and pass it on, sleep, throw. None is there by default.
 *
 * <p>For tasks of one run.
 */
public final class MemorySendStream implements SendStream {
  private final ConflictDetector sending =
      new ConflictDetector("another task is using this stream");
  private final ByteQueue sent = new ByteQueue();
  private @Nullable Action<IOException> sendAllHook;
  private @Nullable Action<IOException> waitSendAllMightNotBlockHook;
  private @Nullable Action<IOException> closeHook;
  private boolean closed;

  /** Makes a stream without hooks. */
  public MemorySendStream() {}

  /**
   * Makes a stream with hooks (TEST-26).
   *
   * @param sendAllHook see {@link #setSendAllHook}
   * @param waitSendAllMightNotBlockHook see {@link #setWaitSendAllMightNotBlockHook}
   * @param closeHook see {@link #setCloseHook}
   */
  public MemorySendStream(
      @Nullable Action<IOException> sendAllHook,
      @Nullable Action<IOException> waitSendAllMightNotBlockHook,
      @Nullable Action<IOException> closeHook) {
    this.sendAllHook = sendAllHook;
    this.waitSendAllMightNotBlockHook = waitSendAllMightNotBlockHook;
    this.closeHook = closeHook;
  }

  /** {@return what {@link #sendAll} calls, or null} */
  public @Nullable Action<IOException> sendAllHook() {
    return sendAllHook;
  }

  /**
   * Sets what {@code sendAll} calls when the data is there to be fetched, before it returns.
   *
   * @param hook what to call, or null
   */
  public void setSendAllHook(@Nullable Action<IOException> hook) {
    sendAllHook = hook;
  }

  /** {@return what {@link #waitSendAllMightNotBlock} calls, or null} */
  public @Nullable Action<IOException> waitSendAllMightNotBlockHook() {
    return waitSendAllMightNotBlockHook;
  }

  /**
   * Sets what {@code waitSendAllMightNotBlock} calls before it returns; this is how a test makes it
   * block.
   *
   * @param hook what to call, or null
   */
  public void setWaitSendAllMightNotBlockHook(@Nullable Action<IOException> hook) {
    waitSendAllMightNotBlockHook = hook;
  }

  /** {@return what {@link #close} and {@link #closeNow} call, or null} */
  public @Nullable Action<IOException> closeHook() {
    return closeHook;
  }

  /**
   * Sets what both ways of closing call, each time, when the stream has been marked as closed
   * (TEST-23). It must not block.
   *
   * @param hook what to call, or null
   */
  public void setCloseHook(@Nullable Action<IOException> hook) {
    closeHook = hook;
  }

  /**
   * Stores the data where the test can fetch it, and calls the hook. If the hook throws, all data has
   * been accepted nevertheless; {@link PartialResult} says so.
   *
   * @param data what to send
   * @throws ClosedResourceException if this side has closed the stream (TEST-25)
   * @throws IOException what the hook throws
   * @throws io.triad.BusyResourceException if another task is using this stream (TEST-22)
   */
  @Override
  public void sendAll(MemorySegment data) throws IOException {
    long accepted = 0;
    try (var _ = sending.enter()) {
      twoCheckpoints();
      sent.put(data.toArray(ValueLayout.JAVA_BYTE));
      accepted = data.byteSize();
      call(sendAllHook);
    } catch (Throwable e) {
      PartialResult.attach(e, accepted);
      throw e;
    }
  }

  @Override
  public void waitSendAllMightNotBlock() throws IOException {
    try (var _ = sending.enter()) {
      twoCheckpoints();
      if (closed) {
        throw new ClosedResourceException("this stream has been closed");
      }
      call(waitSendAllMightNotBlockHook);
    }
  }

  /** The first finds callers that forget that time passes, the second those that count on one. */
  static void twoCheckpoints() {
    Triad.checkpoint();
    Triad.checkpoint();
  }

  static void call(@Nullable Action<IOException> hook) throws IOException {
    if (hook != null) {
      hook.run();
    }
  }

  /**
   * Closes at once, without a checkpoint. A hook that is running goes on undisturbed.
   *
   * @throws IOException what the hook throws; the stream is closed nevertheless
   */
  public void closeNow() throws IOException {
    closed = true;
    sent.close();
    call(closeHook);
  }

  /**
   * Closes at once, and then executes a checkpoint.
   *
   * @throws IOException what the hook throws; the stream is closed nevertheless
   */
  @Override
  public void close() throws IOException {
    closeNow();
    Triad.checkpoint();
  }

  // ---- for the test ----

  /**
   * Fetches everything that was sent and not fetched yet; waits if that is nothing.
   *
   * @return at least one byte; empty if the stream is closed and all was fetched
   * @throws io.triad.BusyResourceException if another task is already fetching data
   */
  public byte[] getData() {
    return getData(Integer.MAX_VALUE);
  }

  /**
   * Fetches some of what was sent, the oldest; waits if there is nothing.
   *
   * @param maxBytes the most bytes to fetch, at least 1
   * @return at least one byte; empty if the stream is closed and all was fetched (TEST-24)
   * @throws IllegalArgumentException if {@code maxBytes} is less than 1
   * @throws io.triad.BusyResourceException if another task is already fetching data
   */
  public byte[] getData(int maxBytes) {
    return sent.get(maxBytes);
  }

  /**
   * Fetches everything that was sent and not fetched yet; not a checkpoint.
   *
   * @return at least one byte; empty if the stream is closed and all was fetched
   * @throws io.triad.WouldBlockException if there is nothing and the stream is open
   * @throws io.triad.BusyResourceException if another task is already fetching data
   */
  public byte[] getDataNowait() {
    return getDataNowait(Integer.MAX_VALUE);
  }

  /**
   * Fetches some of what was sent, the oldest; not a checkpoint.
   *
   * @param maxBytes the most bytes to fetch, at least 1
   * @return at least one byte; empty if the stream is closed and all was fetched
   * @throws io.triad.WouldBlockException if there is nothing and the stream is open
   * @throws IllegalArgumentException if {@code maxBytes} is less than 1
   * @throws io.triad.BusyResourceException if another task is already fetching data
   */
  public byte[] getDataNowait(int maxBytes) {
    return sent.getNowait(maxBytes);
  }

  @Override
  public String toString() {
    return "MemorySendStream" + (closed ? ", closed" : "");
  }
}
