package io.triad.socket;

import io.triad.OsException;
import io.triad.engine.Idna;
import io.triad.engine.NameService;
import io.triad.engine.NameService.Answer;
import io.triad.engine.NameService.Failure;
import io.triad.engine.NameService.Known;
import io.triad.engine.Platform;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.thread.ThreadOptions;
import io.triad.thread.Threads;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How names are looked up: what is numeric by the system and on the spot, what is a name by the
 * resolver of the run or by the system on a worker thread (SOCK-13, SOCK-14).
 */
final class LookUp {
  static final int MAX_PORT = 65535;

  private LookUp() {}

  /** What a run uses instead of the system. */
  static final class Custom {
    @Nullable HostnameResolver resolver;
  }

  static Custom custom(Loop loop) {
    return loop.local(Custom.class, Custom::new);
  }

  /** See {@link Names#getaddrinfo(String, String, AddressHints)}; a checkpoint. */
  static List<AddressInfo> addresses(
      Fiber fiber, @Nullable String host, @Nullable String service, AddressHints hints)
      throws IOException {
    checkText(host, "host");
    checkText(service, "service");
    Objects.requireNonNull(hints, "hints");
    Platform platform = fiber.loop().platform();
    String call = "look up " + text(host, service);
    fiber.checkpoint();
    if (isNumberOutOfRange(service)) {
      // Taken by the C library modulo 65536.
      throw failed(platform, "EAI_SERVICE", call, "port must be 0 to 65535");
    }
    NameService system = platform.names();
    String ascii = host == null || Idna.isAscii(host) ? host : toAscii(platform, host, call);
    int numeric = hints.bits() | NameService.NUMERIC_HOST | NameService.NUMERIC_SERVICE;
    Answer<List<NameService.Address>> answer = ask(system, ascii, service, numeric, hints);
    if (answer instanceof Failure<?> failure && failure.symbol().equals("EAI_NONAME")) {
      HostnameResolver resolver = custom(fiber.loop()).resolver;
      if (resolver != null) {
        return resolver.getaddrinfo(ascii, service, hints);
      }
      answer = outside(system, call, () -> ask(system, ascii, service, hints.bits(), hints));
    }
    return valueOf(platform, answer, call).stream().map(LookUp::info).toList();
  }

  /** As {@link #addresses}, but names are unknown, so that nothing blocks; no checkpoint. */
  static List<AddressInfo> numbers(
      Fiber fiber, String host, String service, AddressHints hints) throws GaiException {
    checkText(host, "host");
    Platform platform = fiber.loop().platform();
    int flags = hints.numericHost().numericService().bits();
    return valueOf(
        platform,
        ask(platform.names(), host, service, flags, hints),
        "read " + text(host, service))
        .stream()
        .map(LookUp::info)
        .toList();
  }

  private static Answer<List<NameService.Address>> ask(
      NameService system,
      @Nullable String host,
      @Nullable String service,
      int flags,
      AddressHints hints) {
    return system.addresses(
        host, service, flags, hints.family(), hints.type(), hints.protocol());
  }

  private static AddressInfo info(NameService.Address found) {
    return new AddressInfo(
        found.family(), found.type(), found.protocol(), found.address(), found.canonicalName());
  }

  private static String toAscii(Platform platform, String host, String call)
      throws GaiException {
    try {
      // At the first time it reads large tables.
      return outside(platform.names(), call, () -> Idna.toAscii(host));
    } catch (IllegalArgumentException e) {
      throw failed(platform, "EAI_NONAME", call, String.valueOf(e.getMessage()));
    }
  }

  /** See {@link Names#getnameinfo}; a checkpoint. */
  static NameInfo name(Fiber fiber, InetSocketAddress address, Set<NameFlag> flags)
      throws IOException {
    fiber.checkpoint();
    InetSocketAddress numeric = numeric(fiber, address);
    HostnameResolver resolver = custom(fiber.loop()).resolver;
    if (resolver != null) {
      return resolver.getnameinfo(numeric, Set.copyOf(flags));
    }
    NameService system = fiber.loop().platform().names();
    int bits = flags.stream().mapToInt(NameFlag::bit).reduce(0, (a, b) -> a | b);
    String call = "look up the name of " + numeric;
    Answer<NameService.Name> answer = outside(system, call, () -> system.names(numeric, bits));
    NameService.Name name = valueOf(fiber.loop().platform(), answer, call);
    return new NameInfo(name.host(), name.service());
  }

  /** The resolver must not ask itself whom it is asked about. */
  private static InetSocketAddress numeric(Fiber fiber, InetSocketAddress address)
      throws GaiException {
    return address.isUnresolved()
        ? numbers(
            fiber,
            address.getHostString(),
            Integer.toString(address.getPort()),
            AddressHints.ANY)
            .getFirst()
            .address()
        : address;
  }

  /** Asks on a worker thread, which a cancelled caller leaves to itself. */
  static <T> T outside(NameService system, String name, Supplier<T> question) {
    return system.mayBlock()
        ? Threads.<T, RuntimeException>toThread(
            ThreadOptions.ABANDON.withName(name), question::get)
        : question.get();
  }

  private static <T> T valueOf(Platform platform, Answer<T> answer, String call)
      throws GaiException {
    return switch (answer) {
      case Known<T>(T value) -> value;
      case Failure<T>(int code, String symbol, String text, int errno) -> {
        GaiException exception = new GaiException(code, symbol, call, text);
        if (errno != 0) {
          exception.initCause(
              new OsException(
                  errno, platform.errorName(errno), call, platform.errorMessage(errno)));
        }
        throw exception;
      }
    };
  }

  private static GaiException failed(
      Platform platform, String symbol, String call, String text) {
    return new GaiException(platform.constant(symbol).orElse(0), symbol, call, text);
  }

  /** C ends a text at a zero, and would look up what stands before it. */
  static void checkText(@Nullable String text, String what) {
    if (text != null && text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "a " + what + " has no zeros: \"" + text.replace("\0", "\\0") + "\"");
    }
  }

  private static boolean isNumberOutOfRange(@Nullable String service) {
    if (service == null
        || service.isEmpty()
        || !service.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return false;
    }
    String digits = service.replaceFirst("^0+", "");
    return digits.length() > 5 || (!digits.isEmpty() && Integer.parseInt(digits) > MAX_PORT);
  }

  /** Host and service as people write them: IPv6 literals in brackets (NET-24). */
  private static String text(@Nullable String host, @Nullable String service) {
    String shown = host == null ? "*" : host.contains(":") ? "[" + host + "]" : host;
    return service == null ? shown : shown + ":" + service;
  }
}
