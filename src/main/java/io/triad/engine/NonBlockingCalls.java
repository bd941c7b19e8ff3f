package io.triad.engine;

import java.util.List;

/**
 * The calls on sockets that answer at once, whatever the mode of the descriptor: with a result ≥ 0,
 * with {@code -code} of the system, or with {@link #AGAIN} where they would have to wait. Used on one
 * loop's thread only.
 *
 * <p>Families, kinds, protocols, levels, names and flags are numbers of the system at hand.
 */
public interface NonBlockingCalls {
  /** What a call answers that would have to wait: EAGAIN, and EINPROGRESS of connect(2). */
  int AGAIN = Integer.MIN_VALUE + 2;

  /** Opens a socket that children do not inherit. */
  int socket(int family, int type, int protocol, boolean nonBlocking);

  /** Opens two sockets that are connected to each other, and that children do not inherit. */
  int socketPair(int family, int type, int protocol, boolean nonBlocking, int[] into);

  /** Makes another descriptor for what a descriptor stands for; children do not inherit it. */
  int duplicate(int descriptor);

  /** Sets the mode of a descriptor, which it shares with its duplicates. */
  int setNonBlocking(int descriptor, boolean nonBlocking);

  /** Whether children inherit a descriptor: 1 or 0. */
  int inheritable(int descriptor);

  /** Says whether children inherit a descriptor. */
  int setInheritable(int descriptor, boolean inheritable);

  /**
   * Takes a connection, from a listener that is in non-blocking mode.
   *
   * @param nonBlocking the mode of the connection
   * @param peer is given the address of the other end
   */
  int accept(int descriptor, boolean nonBlocking, NativeAddress peer);

  /** Begins to connect a socket that is in non-blocking mode. */
  int connect(int descriptor, NativeAddress to);

  /**
   * Tells what has become of a {@link #connect} that would have had to wait, once the descriptor is
   * writable: 0, {@link #AGAIN}, or the error. After an error the socket can be connected anew where
   * the system allows that.
   */
  default int connected(int descriptor, NativeAddress to) {
    return connect(descriptor, to);
  }

  /** Sends; SIGPIPE is not raised. */
  int send(int descriptor, long address, int length, int flags);

  /** Receives. */
  int receive(int descriptor, long address, int length, int flags);

  /** Sends a message; SIGPIPE is not raised. */
  int send(int descriptor, Message message, int flags);

  /**
   * Receives a message into its ranges. The lengths of its address and of its control messages, and
   * its flags, are set. Descriptors that come with it are not inherited by children.
   */
  int receive(int descriptor, Message message, int flags);

  /**
   * Sends bytes of a file by way of the kernel alone, to a socket that is in non-blocking mode; a disk
   * may hold it up. 0 is the end of the file.
   */
  default int sendFile(int descriptor, int file, long offset, int length) {
    return Platform.UNSUPPORTED;
  }

  /** Whether {@link #sendFile} is there. */
  default boolean sendsFiles() {
    return false;
  }

  /** Whether a descriptor is ready for {@link Operation#READABLE} or WRITABLE: 1 or 0. */
  int isReady(int descriptor, int readiness);

  /** Ends one direction of a connection or both. */
  int shutdown(int descriptor, int how);

  /** Adds a control message to those of a message that is to be sent. */
  void addControl(Message message, int level, int type, byte[] data);

  /** The control messages that a message brought. */
  List<ControlMessage> controls(Message message);

  /** How many bytes a control message with so many bytes of data takes, with its header. */
  int controlBytes(int dataBytes);

  /** One control message. */
  final class ControlMessage {
    private final int level;
    private final int type;
    private final byte[] data;

    /**
     * Makes one.
     *
     * @param level which protocol it belongs to
     * @param type what it is
     * @param data its content; not copied
     */
    public ControlMessage(int level, int type, byte[] data) {
      this.level = level;
      this.type = type;
      this.data = data;
    }

    /** Which protocol it belongs to. */
    public int level() {
      return level;
    }

    /** What it is. */
    public int type() {
      return type;
    }

    /** Its content. */
    public byte[] data() {
      return data;
    }
  }
}
