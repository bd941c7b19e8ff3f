package io.triad.socket;

import io.triad.engine.Platform;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An address of a family that has no Java class, in the form in which the system wants it: all bytes
 * of the {@code struct sockaddr_…}, the family included. Nothing in it is looked at (SOCK-27).
 */
public final class RawSocketAddress extends SocketAddress {
  private static final long serialVersionUID = 1L;

  /** What the system reads. */
  private final byte[] bytes;

  private RawSocketAddress(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Makes an address of its bytes.
   *
   * @param bytes at most 128, which is what any address of a system fits in; copied
   * @return the address
   * @throws IllegalArgumentException if there are more
   */
  public static RawSocketAddress of(byte[] bytes) {
    if (bytes.length > Platform.ADDRESS_BYTES) {
      throw new IllegalArgumentException("a socket address has no " + bytes.length + " bytes");
    }
    return new RawSocketAddress(bytes.clone());
  }

  /**
   * Returns what the system reads.
   *
   * @return a copy of all bytes
   */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RawSocketAddress that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "socket address " + HexFormat.of().formatHex(bytes);
  }
}
