package io.triad.socket;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks up names in the place of the system: a table for tests, a resolver of one's own. {@link
 * Names#setHostnameResolver} puts it into a run, whose tasks call it; it may do all that tasks may.
 *
 * <p>It is not asked for addresses in numbers with ports in digits.
 */
public interface HostnameResolver {
  /**
   * Looks up the addresses of a host.
   *
   * @param host in ASCII, converted by IDNA 2008 if it was not; null for this machine
   * @param service a name, or a port in digits; null for none
   * @param hints as the caller gave them
   * @return the addresses, the best one first
   * @throws IOException if there are none, {@link GaiException} preferably
   */
  List<AddressInfo> getaddrinfo(
      @Nullable String host, @Nullable String service, AddressHints hints) throws IOException;

  /**
   * Looks up what an address is called.
   *
   * @param address resolved
   * @param flags as the caller gave them
   * @return host and service
   * @throws IOException if there are none, {@link GaiException} preferably
   */
  NameInfo getnameinfo(InetSocketAddress address, Set<NameFlag> flags) throws IOException;
}
