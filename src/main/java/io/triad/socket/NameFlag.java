package io.triad.socket;

import io.triad.engine.NameService;

/** What a look-up of names is asked for; the flags of getnameinfo(3), there NI_… */
public enum NameFlag {
  /** The host in numbers: nobody is asked. */
  NUMERIC_HOST(NameService.AS_NUMERIC_HOST),

  /** The service in digits. */
  NUMERIC_SERVICE(NameService.AS_NUMERIC_SERVICE),

  /** Of a host in this machine's own domain the first part of the name only. */
  NO_DOMAIN(NameService.NO_DOMAIN),

  /** A host that has no name is an error (EAI_NONAME), and not shown in numbers. */
  NAME_REQUIRED(NameService.NAME_REQUIRED),

  /** The service is one of datagrams; some ports have two meanings. */
  DATAGRAM(NameService.DATAGRAM);

  private final int bit;

  NameFlag(int bit) {
    this.bit = bit;
  }

  /** What the engine's floor calls it. */
  int bit() {
    return bit;
  }
}
