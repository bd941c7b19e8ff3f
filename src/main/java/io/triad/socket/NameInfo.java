package io.triad.socket;

/**
 * What an address is called; getnameinfo(3).
 *
 * @param host a name, or an address in numbers
 * @param service a name, or a port in digits
 */
public record NameInfo(String host, String service) {}
