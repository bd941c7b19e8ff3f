package io.triad.socket;

import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The address of a Unix socket that has a name and no path: it is in no file system, has no
 * permissions, and is gone when the last socket that is bound to it is closed. Linux only; unix(7).
 */
public final class AbstractUnixAddress extends SocketAddress {
  private static final long serialVersionUID = 1L;

  /** The name, without the zero that tells it from a path. */
  private final byte[] name;

  private AbstractUnixAddress(byte[] name) {
    this.name = name;
  }

  /**
   * Makes the address of a name.
   *
   * @param name any bytes, without the zero that the system has before them; copied
   * @return the address
   */
  public static AbstractUnixAddress of(byte[] name) {
    return new AbstractUnixAddress(name.clone());
  }

  /**
   * Makes the address of a name.
   *
   * @param name the name, which becomes UTF-8
   * @return the address
   */
  public static AbstractUnixAddress of(String name) {
    return new AbstractUnixAddress(name.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Returns the name.
   *
   * @return a copy of its bytes, without the zero that the system has before them
   */
  public byte[] name() {
    return name.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AbstractUnixAddress that && Arrays.equals(name, that.name);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(name);
  }

  /** {@return the name behind an {@code @}, as ss(8) writes it} */
  @Override
  public String toString() {
    return "@" + new String(name, StandardCharsets.UTF_8);
  }
}
