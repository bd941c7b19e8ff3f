package io.triad.socket;

import io.triad.engine.NameService;

/** What a look-up of addresses is asked for; the flags of getaddrinfo(3), there AI_… */
public enum AddressFlag {
  /** Without a host: the address to bind to for all interfaces, not the one of this machine. */
  PASSIVE(NameService.PASSIVE),

  /** The first answer carries the name that the host has in truth. */
  CANONICAL_NAME(NameService.CANONICAL_NAME),

  /** The host is an address in numbers; a name is an error (EAI_NONAME). */
  NUMERIC_HOST(NameService.NUMERIC_HOST),

  /** The service is a port in digits; a name is an error (EAI_NONAME). */
  NUMERIC_SERVICE(NameService.NUMERIC_SERVICE),

  /** For IPv6: IPv4 addresses in IPv6 form ({@code ::ffff:1.2.3.4}) if there are no others. */
  V4_MAPPED(NameService.V4_MAPPED),

  /** With {@link #V4_MAPPED}: these also if there are others. */
  ALL(NameService.ALL),

  /** Only families of which this machine has an address other than loopback. */
  ADDRESS_CONFIGURED(NameService.ADDRESS_CONFIGURED);

  private final int bit;

  AddressFlag(int bit) {
    this.bit = bit;
  }

  /** What the engine's floor calls it. */
  int bit() {
    return bit;
  }
}
