package io.triad.engine.simulated;

/** Where a socket is: on the network, or among the names of Unix sockets. */
sealed interface Address permits Endpoint, UnixName {}
