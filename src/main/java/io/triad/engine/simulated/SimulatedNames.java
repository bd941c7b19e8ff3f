package io.triad.engine.simulated;

import io.triad.engine.NameService;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names of a {@link World}: a table of hosts, in which {@code localhost} stands from the
 * beginning, a few services and protocols, one interface. Never blocks, so that a history does not
 * depend on threads. Numbers and errors are those of the GNU C library.
 */
final class SimulatedNames implements NameService {
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int MAX_PORT = 65535;
  private static final Interface LOOPBACK = new Interface(1, "lo");

  private static final Map<String, Integer> PROTOCOLS =
      Map.of("ip", 0, "icmp", 1, "tcp", 6, "udp", 17, "ipv6", 41);

  private static final Map<String, Integer> SERVICES =
      Map.of("echo", 7, "discard", 9, "ssh", 22, "domain", 53, "http", 80, "https", 443);

  private static final Pattern ZEROS = Pattern.compile("(?:^|:)0(?::0)+(?::|$)");

  /** What getaddrinfo(3) answers for each address if nothing is said of it. */
  private static final List<Kind> KINDS = List.of(new Kind(1, 6), new Kind(2, 17), new Kind(3, 0));

  private final Map<String, List<InetAddress>> hosts = new ConcurrentHashMap<>();

  SimulatedNames() {
    hosts.put("localhost", List.of(Endpoint.LOOPBACK_IPV6, Endpoint.LOOPBACK_IPV4));
  }

  /** A kind of socket and its protocol; that of raw ones is anybody's choice. */
  private record Kind(int type, int protocol) {
    boolean fits(int wantedType, int wantedProtocol) {
      return (wantedType == 0 || wantedType == type)
          && (wantedProtocol == 0 || protocol == 0 || wantedProtocol == protocol);
    }
  }

  /** Gives a host a name; what the name meant before is forgotten. */
  void put(String name, List<InetAddress> addresses) {
    hosts.put(name.toLowerCase(Locale.ROOT), List.copyOf(addresses));
  }

  @Override
  public boolean mayBlock() {
    return false;
  }

  @Override
  public Answer<List<Address>> addresses(
      @Nullable String host,
      @Nullable String service,
      int flags,
      int family,
      int type,
      int protocol) {
    if (host == null && service == null) {
      return failure("EAI_NONAME");
    }
    if (family != 0 && family != AF_INET && family != AF_INET6) {
      return failure("EAI_FAMILY");
    }
    List<Kind> kinds = KINDS.stream().filter(kind -> kind.fits(type, protocol)).toList();
    if (kinds.isEmpty()) {
      return failure("EAI_SOCKTYPE");
    }
    if (service != null && !isDigits(service) && (flags & NUMERIC_SERVICE) != 0) {
      return failure("EAI_NONAME");
    }
    int port = port(service);
    if (port < 0) {
      return failure("EAI_SERVICE");
    }
    InetAddress literal = host == null ? null : literal(host);
    List<InetAddress> found =
        host == null ? ofThisMachine(flags) : literal != null ? List.of(literal)
            : known(host, flags);
    if (found.isEmpty()) {
      return failure("EAI_NONAME");
    }
    List<InetAddress> suitable = ofFamily(found, family, flags);
    if (suitable.isEmpty()) {
      return failure(literal == null ? "EAI_NODATA" : "EAI_ADDRFAMILY");
    }
    return new Known<>(entries(suitable, kinds, protocol, port, host, flags));
  }

  private static List<Address> entries(
      List<InetAddress> addresses,
      List<Kind> kinds,
      int protocol,
      int port,
      @Nullable String host,
      int flags) {
    List<Address> entries = new ArrayList<>();
    for (InetAddress address : addresses) {
      for (Kind kind : kinds) {
        String name = entries.isEmpty() && (flags & CANONICAL_NAME) != 0 ? host : null;
        entries.add(
            new Address(
                address instanceof Inet6Address ? AF_INET6 : AF_INET,
                kind.type,
                kind.protocol == 0 ? protocol : kind.protocol,
                new InetSocketAddress(address, port),
                name));
      }
    }
    return entries;
  }

  private static boolean isDigits(String text) {
    return text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** Number or name; -1 if it is neither. */
  private static int port(@Nullable String service) {
    if (service == null || service.isEmpty()) {
      return 0;
    }
    if (isDigits(service)) {
      long number = service.length() > 9 ? Long.MAX_VALUE : Long.parseLong(service);
      return number <= MAX_PORT ? (int) number : -1;
    }
    return SERVICES.getOrDefault(service, -1);
  }

  private static List<InetAddress> ofThisMachine(int flags) {
    return (flags & PASSIVE) != 0
        ? List.of(Endpoint.ANY_IPV4, Endpoint.ANY_IPV6)
        : List.of(Endpoint.LOOPBACK_IPV6, Endpoint.LOOPBACK_IPV4);
  }

  private List<InetAddress> known(String host, int flags) {
    return (flags & NUMERIC_HOST) != 0
        ? List.of()
        : hosts.getOrDefault(host.toLowerCase(Locale.ROOT), List.of());
  }

  private static List<InetAddress> ofFamily(List<InetAddress> found, int family, int flags) {
    if (family == 0) {
      return found;
    }
    List<InetAddress> six = found.stream().filter(Inet6Address.class::isInstance).toList();
    List<InetAddress> four = found.stream().filter(Inet4Address.class::isInstance).toList();
    if (family == AF_INET) {
      return four;
    }
    if ((flags & V4_MAPPED) == 0 || (!six.isEmpty() && (flags & ALL) == 0)) {
      return six;
    }
    List<InetAddress> both = new ArrayList<>(six);
    four.forEach(address -> both.add(mapped(address)));
    return both;
  }

  /** An IPv4 address in IPv6 form, and of the class of those, which the JDK makes in this way only. */
  private static InetAddress mapped(InetAddress ipv4) {
    byte[] bytes = new byte[16];
    bytes[10] = -1;
    bytes[11] = -1;
    System.arraycopy(ipv4.getAddress(), 0, bytes, 12, 4);
    return inet6(bytes, -1);
  }

  private static InetAddress inet6(byte[] bytes, int scope) {
    try {
      return Inet6Address.getByAddress(null, bytes, scope);
    } catch (UnknownHostException e) {
      throw new AssertionError(e); // thrown for a wrong length only
    }
  }

  /** An address in numbers, abbreviated ones and those with a scope included; null if it is none. */
  private static @Nullable InetAddress literal(String host) {
    int percent = host.indexOf('%');
    try {
      if (percent < 0) {
        return host.startsWith("[") ? null : InetAddress.ofLiteral(host);
      }
      String scope = host.substring(percent + 1);
      int index = scope.equals(LOOPBACK.name()) ? LOOPBACK.index() : Integer.parseInt(scope);
      byte[] bytes = Inet6Address.ofLiteral(host.substring(0, percent)).getAddress();
      return bytes.length == 16 ? inet6(bytes, index) : null;
    } catch (IllegalArgumentException e) {
      return null; // a name, then
    }
  }

  @Override
  public Answer<Name> names(InetSocketAddress address, int flags) {
    String host = (flags & AS_NUMERIC_HOST) != 0 ? null : nameOf(address.getAddress());
    if (host == null && (flags & NAME_REQUIRED) != 0) {
      return failure("EAI_NONAME");
    }
    String port = Integer.toString(address.getPort());
    String service =
        (flags & AS_NUMERIC_SERVICE) != 0
            ? port
            : SERVICES.entrySet().stream()
                .filter(entry -> entry.getValue() == address.getPort())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(port);
    return new Known<>(
        new Name(host == null ? text(address.getAddress()) : host, service));
  }

  /** RFC 5952: of the longest runs of zeros the first is left out. */
  private static String text(InetAddress address) {
    String text = address.getHostAddress();
    if (address instanceof Inet4Address) {
      return text;
    }
    return ZEROS
        .matcher(text)
        .results()
        .reduce((a, b) -> b.end() - b.start() > a.end() - a.start() ? b : a)
        .map(run -> text.substring(0, run.start()) + "::" + text.substring(run.end()))
        .orElse(text);
  }

  private @Nullable String nameOf(InetAddress address) {
    return hosts.entrySet().stream()
        .filter(entry -> entry.getValue().contains(address))
        .map(Map.Entry::getKey)
        .sorted()
        .findFirst()
        .orElse(null);
  }

  @Override
  public OptionalInt protocol(String name) {
    Integer number = PROTOCOLS.get(name);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  @Override
  public OptionalInt service(String name, String protocol) {
    Integer port = SERVICES.get(name);
    return port == null || !(protocol.equals("tcp") || protocol.equals("udp"))
        ? OptionalInt.empty()
        : OptionalInt.of(port);
  }

  @Override
  public String hostName() {
    return "simulated";
  }

  @Override
  public List<Interface> interfaces() {
    return List.of(LOOPBACK);
  }

  private static <T> Failure<T> failure(String symbol) {
    return switch (symbol) {
      case "EAI_NONAME" -> new Failure<>(-2, symbol, "Name or service not known", 0);
      case "EAI_NODATA" ->
          new Failure<>(-5, symbol, "No address associated with hostname", 0);
      case "EAI_FAMILY" -> new Failure<>(-6, symbol, "ai_family not supported", 0);
      case "EAI_SOCKTYPE" -> new Failure<>(-7, symbol, "ai_socktype not supported", 0);
      case "EAI_SERVICE" ->
          new Failure<>(-8, symbol, "Servname not supported for ai_socktype", 0);
      case "EAI_ADDRFAMILY" ->
          new Failure<>(-9, symbol, "Address family for hostname not supported", 0);
      default -> throw new AssertionError(symbol);
    };
  }
}
