package io.triad.net;

import java.net.InetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How {@link Net#openTcpStream(String, int, ConnectOptions) Net.openTcpStream} connects. Immutable:
 * {@code ConnectOptions.DEFAULT.withLocalAddress(address)}.
 *
 * @param happyEyeballsDelay after how long without an answer the next address is tried beside the
 *     others, 0 or more; {@link io.triad.Triad#FOREVER} tries them one by one; null for {@link
 *     #HAPPY_EYEBALLS_DELAY}
 * @param localAddress the address of this machine to connect from, which only reaches hosts of its own
 *     family; null for the one that the system chooses
 */
public record ConnectOptions(
    @Nullable Duration happyEyeballsDelay, @Nullable InetAddress localAddress) {
  /** The delay where none is given: 250 milliseconds; RFC 8305, section 5. */
  public static final Duration HAPPY_EYEBALLS_DELAY = Duration.ofMillis(250);

  /** The usual delay, and an address that the system chooses. */
  public static final ConnectOptions DEFAULT = new ConnectOptions(null, null);

  /**
   * Makes them.
   *
   * @throws IllegalArgumentException if the delay is negative
   */
  public ConnectOptions {
    if (happyEyeballsDelay != null && happyEyeballsDelay.isNegative()) {
      throw new IllegalArgumentException("delay must not be negative, not " + happyEyeballsDelay);
    }
  }

  /**
   * Returns the same options with another delay.
   *
   * @param newDelay after how long without an answer the next address is tried; null for the usual
   * @return the options
   * @throws IllegalArgumentException if it is negative
   */
  public ConnectOptions withHappyEyeballsDelay(@Nullable Duration newDelay) {
    return new ConnectOptions(newDelay, localAddress);
  }

  /**
   * Returns the same options with an address to connect from.
   *
   * @param newAddress an address of this machine, or 0.0.0.0 or :: for any of one family; null for the
   *     one that the system chooses
   * @return the options
   */
  public ConnectOptions withLocalAddress(@Nullable InetAddress newAddress) {
    return new ConnectOptions(happyEyeballsDelay, newAddress);
  }

  Duration delay() {
    return happyEyeballsDelay == null ? HAPPY_EYEBALLS_DELAY : happyEyeballsDelay;
  }
}
