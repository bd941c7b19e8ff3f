package io.triad.socket;

import io.triad.OsException;
import io.triad.descriptor.DetachedClose;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Descriptors that came with a message; unix(7) SCM_RIGHTS. Each belongs to whoever takes it. Those
 * that nobody has taken belong to this object, and {@link #close} closes them.
 *
 * <p>Children of this process do not inherit them.
 */
public final class ReceivedDescriptors implements AutoCloseable {
  private static final int TAKEN = -1;

  private final SocketRun run;
  private final int[] numbers;
  private int processDescriptor;

  ReceivedDescriptors(SocketRun run, int[] numbers, int processDescriptor) {
    this.run = run;
    this.numbers = numbers;
    this.processDescriptor = processDescriptor;
  }

  /**
   * Returns how many came, taken or not.
   *
   * @return the number of descriptors
   */
  public int count() {
    return numbers.length;
  }

  /**
   * Returns one, which stays here.
   *
   * @param index from 0, in the order of the sender
   * @return its number; -1 if it was taken or closed
   * @throws IndexOutOfBoundsException if there is none
   */
  public int peek(int index) {
    return numbers[Objects.checkIndex(index, numbers.length)];
  }

  /**
   * Hands one over to the caller, who closes it.
   *
   * @param index from 0, in the order of the sender
   * @return its number
   * @throws IllegalStateException if it was taken or closed before
   * @throws IndexOutOfBoundsException if there is none
   */
  public int take(int index) {
    int number = peek(index);
    if (number == TAKEN) {
      throw new IllegalStateException("this descriptor was taken or closed before");
    }
    numbers[index] = TAKEN;
    return number;
  }

  /**
   * Hands all over that are still here.
   *
   * @return their numbers, in the order of the sender
   */
  public int[] takeAll() {
    int[] left = Arrays.stream(numbers).filter(number -> number != TAKEN).toArray();
    Arrays.fill(numbers, TAKEN);
    return left;
  }

  /**
   * Hands one over as a socket.
   *
   * @param index from 0, in the order of the sender
   * @return the socket
   * @throws OsException with ENOTSOCK if it is none; then it stays here
   * @throws IllegalStateException if it was taken or closed before
   * @throws IndexOutOfBoundsException if there is none
   */
  public Socket takeSocket(int index) throws OsException {
    int number = take(index);
    try {
      return Sockets.adoptFd(number);
    } catch (Throwable e) {
      numbers[index] = number;
      throw e;
    }
  }

  /**
   * Hands the descriptor of the sending process over, if the system gave one because SO_PASSPIDFD was
   * set.
   *
   * @return its number; empty if there is none or it was taken before
   */
  public OptionalInt takeProcessDescriptor() {
    int number = processDescriptor;
    processDescriptor = TAKEN;
    return number == TAKEN ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /**
   * Closes those that nobody has taken; harmless the second time.
   *
   * @throws OsException what the system says about the first that could not be closed; the others are
   *     closed all the same
   */
  @Override
  public void close() throws OsException {
    run.loop.requireOwnFiber();
    OsException failure = null;
    int[] left = takeAll();
    OptionalInt process = takeProcessDescriptor();
    if (process.isPresent()) {
      left = Arrays.copyOf(left, left.length + 1);
      left[left.length - 1] = process.getAsInt();
    }
    for (int number : left) {
      try {
        DetachedClose.close(run.loop, number);
      } catch (OsException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public String toString() {
    return "descriptors " + Arrays.toString(numbers);
  }
}
