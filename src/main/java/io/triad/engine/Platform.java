package io.triad.engine;

import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * One operating system: its engine, and the calls that end at once and therefore need none. A
 * difference between systems is a method of this interface.
 *
 * <p>Calls answer a count or descriptor (≥ 0) or {@code -code}, the system's error number negated. A
 * platform object belongs to one loop and is used on its thread only.
 */
public interface Platform extends AutoCloseable {
  /** The bytes that hold any socket address of the system. */
  int ADDRESS_BYTES = 128;

  /** What a call answers that this system has no means for. */
  int UNSUPPORTED = Integer.MIN_VALUE + 1;

  /**
   * Opens the best engine that this system allows.
   *
   * @throws EngineUnavailableException if there is none; the message names cause and remedy
   */
  Engine openEngine();

  /** What this system is and which limits it sets, a line each, for {@code Triad.explain()}. */
  List<String> describe();

  /** The symbolic name of an error number, in POSIX spelling: {@code ECONNRESET}. */
  String errorName(int code);

  /** The system's own text for an error number. */
  String errorMessage(int code);

  /** Opens a stream socket that does not block and that children do not inherit. */
  int openStreamSocket(boolean ipv6);

  /** Binds a socket to the address of {@code length} bytes. */
  int bind(int descriptor, MemorySegment address, int length);

  /** Lets a socket take connections. */
  int listen(int descriptor, int backlog);

  /** Ends the sending direction of a connection. */
  int shutdownSend(int descriptor);

  /** Closes a descriptor on which nothing is in flight. */
  int close(int descriptor);

  /** Sets an option; {@link #UNSUPPORTED} if this system has none like it. */
  int setOption(int descriptor, SocketOption option, int value);

  /** Reads an option; {@link #UNSUPPORTED} if this system has none like it. */
  int getOption(int descriptor, SocketOption option);

  /** Whether the value of {@link SocketOption#TYPE} means a byte stream. */
  boolean isStreamType(int type);

  /** Sets an option by its raw level and name. */
  int setOption(int descriptor, int level, int name, MemorySegment value, int length);

  /** Reads an option by its raw level and name; answers the length written. */
  int getOption(int descriptor, int level, int name, MemorySegment value, int capacity);

  /** Writes the address of this end (or, with {@code peer}, the other); answers its length. */
  int readAddress(int descriptor, boolean peer, MemorySegment to);

  /** Writes an address in the system's form; answers its length. */
  int encode(InetSocketAddress address, MemorySegment to);

  /** Reads an address in the system's form. */
  InetSocketAddress decode(MemorySegment from, int length);

  /** How many descriptors this process has open; for leak checks. */
  int openDescriptors();

  @Override
  void close();
}
