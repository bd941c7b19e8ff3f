package io.triad.platform.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kernels that take what we ask of them and then do it wrong, so that no probe can tell.
 *
 * <p>Everything else is probed, because versions say little: distributions carry features and fixes
 * forth and back. What others keep lists for needs no line here, because we do not use it (SQPOLL
 * before 5.10.186, bundles, linked time-outs, buffers consumed in parts) or because the probe sees it
 * (5.10 before it was given the io_uring of 5.15 lacks EXT_ARG, see {@link Ring}). A receive that ends
 * with ENOBUFS when it is cancelled, as on 6.0 to 6.4 (liburing issue 984), is understood as what it
 * is.
 *
 * <p>epoll needs no line either. Pipes that told of new data only once, 5.5 to 5.13 (kernel commit
 * 3a34b13a88ca), do no harm, because every wait for readiness looks at the descriptor anew.
 */
final class KnownKernels {
  private static final List<KnownKernel> ALL =
      List.of(
          new KnownKernel(
              new Version(6, 1, 7),
              new Version(6, 1, 8),
              Feature.MULTISHOT_RECEIVE,
              "receive buffers get lost until there are none"
                  + " (liburing issue 778, mended by kernel commit 8caa03f10bf9)"));

  /**
   * The version that the kernel is built from, where its release says something else: Ubuntu's
   * signature, and Debian's banner behind the number of the build; before it stands the compiler's.
   */
  private static final Pattern BUILT_FROM =
      Pattern.compile(
          "(?:#\\d+ .*\\bDebian |^Ubuntu \\S+ )(\\d+)\\.(\\d+)(?:\\.(\\d+))?");

  private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?.*");

  private KnownKernels() {}

  /** What a kernel may be bad at. */
  enum Feature {
    /** Receiving and accepting again and again with one submission. */
    MULTISHOT_RECEIVE("multishot");

    private final String words;

    Feature(String words) {
      this.words = words;
    }
  }

  /**
   * One line of the table.
   *
   * @param from the first version that does it wrong
   * @param until the first one after it that does it right
   * @param feature what is not used there
   * @param why what would happen, and who says so
   */
  record KnownKernel(Version from, Version until, Feature feature, String why) {
    private boolean is(Version version) {
      return version.compareTo(from) >= 0 && version.compareTo(until) < 0;
    }

    /** For {@code Triad.explain()}. */
    String describe() {
      return "not used on Linux " + from + ": " + feature.words + ", because " + why;
    }
  }

  /** A version of Linux. */
  record Version(int major, int minor, int patch) implements Comparable<Version> {
    @Override
    public int compareTo(Version other) {
      int order = Integer.compare(major, other.major);
      if (order == 0) {
        order = Integer.compare(minor, other.minor);
      }
      return order == 0 ? Integer.compare(patch, other.patch) : order;
    }

    @Override
    public String toString() {
      return major + "." + minor + "." + patch;
    }
  }

  /** What there is to be said against the kernel at hand. */
  static List<KnownKernel> thisOne() {
    return matching(
        System.getProperty("os.version"),
        read(Path.of("/proc/version")),
        read(Path.of("/proc/version_signature")));
  }

  /**
   * What there is to be said against a kernel.
   *
   * @param release what uname(2) calls it
   * @param banner the content of {@code /proc/version}, or nothing
   * @param signature the content of {@code /proc/version_signature}, which Ubuntu has, or nothing
   */
  static List<KnownKernel> matching(String release, String banner, String signature) {
    Version version = version(release, banner, signature);
    return ALL.stream().filter(kernel -> kernel.is(version)).toList();
  }

  /** The version of kernel.org that it is built from; 0.0.0 if that cannot be told. */
  static Version version(String release, String banner, String signature) {
    for (String text : List.of(signature, banner)) {
      Matcher builtFrom = BUILT_FROM.matcher(text);
      if (builtFrom.find()) {
        return version(builtFrom);
      }
    }
    Matcher plain = RELEASE.matcher(release);
    return plain.matches() ? version(plain) : new Version(0, 0, 0);
  }

  private static Version version(Matcher matcher) {
    String patch = matcher.group(3);
    return new Version(
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        patch == null ? 0 : Integer.parseInt(patch));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return ""; // not every system has it, and then the release says it all
    }
  }
}
