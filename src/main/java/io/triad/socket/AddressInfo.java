package io.triad.socket;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One address that a look-up has found, and what kind of socket reaches it: what is needed to open one
 * and connect it.
 *
 * <p>An IPv4 address in IPv6 form ({@code ::ffff:1.2.3.4}, {@link AddressFlag#V4_MAPPED}) has the class
 * {@link java.net.Inet6Address} here, since an IPv6 socket wants it in this form; elsewhere the JDK
 * turns such addresses into {@link java.net.Inet4Address}.
 *
 * @param family the system's number of the family of addresses
 * @param type the system's number of the kind of socket
 * @param protocol the number of the protocol
 * @param address the resolved address with its port; a scope is part of it
 * @param canonicalName the true name of the host; only in the first answer, and only if asked for
 */
public record AddressInfo(
    int family,
    int type,
    int protocol,
    InetSocketAddress address,
    @Nullable String canonicalName) {}
