package io.triad.socket;

/**
 * An interface to a network, by number and name; if_nameindex(3).
 *
 * @param index its number, 1 or more, which is also the scope of addresses that hold on it alone
 * @param name its name, {@code lo} or {@code eth0} for example
 */
public record NetworkInterfaceName(int index, String name) {}
