package io.triad.engine;

/**
 * Host names beyond ASCII, in the form in which the domain name system has them: RFC 5890, RFC 5891.
 *
 * <p>With ICU4J that is IDNA 2008 with the mapping of UTS 46, non-transitional. The JDK has nothing but
 * the IDNA of 2003, which finds other hosts for some names: {@code faß.de} becomes {@code fass.de},
 * which may belong to somebody else. Without ICU4J it therefore serves for those names only on which
 * both agree.
 */
public final class Idna {
  /** Made at the first demand, because ICU4J takes a moment to read its tables. */
  private static final class Holder {
    static final Converter CONVERTER = choose();
  }

  private Idna() {}

  /** One of the two. */
  interface Converter {
    /** See {@link Idna#toAscii}; the host is not ASCII. */
    String toAscii(String host);

    /** What it is. */
    String explanation();
  }

  private static Converter choose() {
    try {
      return new IcuIdna();
    } catch (NoClassDefFoundError e) {
      return new JdkIdna();
    }
  }

  /** Whether a host is written in ASCII, and so stays as it is. */
  public static boolean isAscii(String host) {
    return host.chars().allMatch(c -> c < 0x80);
  }

  /**
   * Converts a host name.
   *
   * @param host not in ASCII
   * @return the name in ASCII
   * @throws IllegalArgumentException if no host can have this name
   * @throws UnsupportedOperationException if it takes ICU4J to convert it, which is missing
   */
  public static String toAscii(String host) {
    return Holder.CONVERTER.toAscii(host);
  }

  /** Which edition of IDNA there is and why, for {@code Triad.explain()}. */
  public static String explanation() {
    return Holder.CONVERTER.explanation();
  }
}
