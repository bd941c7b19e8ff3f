package io.triad.engine;

import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalInt;

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

  /** Opens a TCP socket in the mode that the engine wants, and that children do not inherit. */
  int openStreamSocket(boolean ipv6);

  /** The calls that never wait. */
  NonBlockingCalls calls();

  /** Makes places for so many datagrams, to be received or sent by one call where there is one. */
  default DatagramBatch datagrams(int capacity) {
    return new SingleDatagrams(calls(), capacity);
  }

  /** What this system knows by name; for any thread. */
  NameService names();

  /**
   * A number that the system's headers give a name, of those that concern sockets, names and, with
   * kqueue(2), events; empty if this system has no such constant.
   */
  OptionalInt constant(String name);

  /** Binds a socket to the address of {@code length} bytes. */
  int bind(int descriptor, MemorySegment address, int length);

  /** Binds as {@link #bind} does, from any thread: to a file, which may take its time. */
  int bindFromAnyThread(int descriptor, MemorySegment address, int length);

  /** Lets a socket take connections. */
  int listen(int descriptor, int backlog);

  /** Ends the sending direction of a connection. */
  int shutdownSend(int descriptor);

  /** The family of an address in the system's form. */
  int family(MemorySegment address);

  /**
   * Writes the address of a Unix socket in the system's form.
   *
   * @param name the bytes of a path; or a zero and the bytes of an abstract name; or nothing
   * @return its length, or {@code -code} if it is too long
   */
  int encodeUnix(byte[] name, MemorySegment to);

  /** Reads the address of a Unix socket; see {@link #encodeUnix}. */
  byte[] decodeUnix(MemorySegment from, int length);

  /** The files of Unix sockets; for any thread. */
  default SocketFiles socketFiles() {
    return SocketFilesOnDisk.INSTANCE;
  }

  /** Closes a descriptor on which nothing is in flight. */
  int close(int descriptor);

  /** Sets an option; {@link #UNSUPPORTED} if this system has none like it. */
  int setOption(int descriptor, SocketOption option, int value);

  /** Reads an option; {@link #UNSUPPORTED} if this system has none like it. */
  int getOption(int descriptor, SocketOption option);

  /**
   * Where the address of the group begins in a request to join one, struct group_req of RFC 3678, which
   * has {@link #ADDRESS_BYTES}; that of a source follows it.
   */
  default int groupAt() {
    return 8;
  }

  /** What {@link SocketOption#TYPE} is for a byte stream. */
  int streamType();

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
