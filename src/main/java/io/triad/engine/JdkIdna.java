package io.triad.engine;

import java.net.IDN;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The IDNA of 2003 as the JDK has it, for names that the one of 2008 converts alike; all others are
 * refused.
 *
 * <p>It knows the characters of Unicode 3.2 and folds some of them away. So its result counts only if
 * (1) it turns back into what the Unicode of this JDK makes of the host when it folds case and
 * composes, and (2) that consists of letters, marks and digits whose treatment nobody has changed:
 * none that is written from right to left, because the rules for these are new; no label that begins
 * with a mark, or has two hyphens where an encoded one has them; and not the characters that the
 * two editions see differently: sharp s, final sigma, fillers, and the joiners, which are no letters
 * anyway. A test compares every character of Unicode.
 */
final class JdkIdna implements Idna.Converter {
  private static final int MAX_NAME = 253;
  private static final Pattern DOTS = Pattern.compile("[\u3002\uFF0E\uFF61]");
  private static final Pattern DEVIATING = Pattern.compile("[\u00DF\u1E9E\u03C2]");

  /** Letters that nobody sees. */
  private static final Pattern FILLERS = Pattern.compile("[\u115F\u1160\u17B4\u17B5]");

  private static final Pattern UNSURE_LABEL =
      Pattern.compile("(?:^|\\.)(?:\\p{M}|..--|xn--)|^\\.|[^\\p{L}\\p{M}\\p{Nd}.-]");

  @Override
  public String toAscii(String host) {
    String ascii;
    try {
      ascii = IDN.toASCII(host, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      throw needsIcu(host, e);
    }
    String folded = fold(DOTS.matcher(host).replaceAll("."));
    if (DEVIATING.matcher(host).find()
        || FILLERS.matcher(folded).find()
        || UNSURE_LABEL.matcher(folded).find()
        || folded.codePoints().anyMatch(JdkIdna::isRightToLeft)
        || ascii.length() > MAX_NAME
        || !IDN.toUnicode(ascii).equals(folded)) {
      throw needsIcu(host, null);
    }
    return ascii;
  }

  /** Case and width do not count in names; UTS 46, section 4, as far as this JDK can. */
  private static String fold(String host) {
    String wide = Normalizer.normalize(host, Normalizer.Form.NFKC);
    StringBuilder lower = new StringBuilder(wide.length());
    // One by one, because the lower case of a sigma depends on what stands behind it.
    wide.codePoints().map(Character::toLowerCase).forEach(lower::appendCodePoint);
    return Normalizer.normalize(lower, Normalizer.Form.NFKC);
  }

  private static boolean isRightToLeft(int codePoint) {
    return switch (Character.getDirectionality(codePoint)) {
      case Character.DIRECTIONALITY_RIGHT_TO_LEFT,
          Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC,
          Character.DIRECTIONALITY_ARABIC_NUMBER -> true;
      default -> false;
    };
  }

  private static UnsupportedOperationException needsIcu(
      String host, @Nullable Throwable cause) {
    return new UnsupportedOperationException(
        "the host name \""
            + host
            + "\" takes IDNA 2008 to be converted, for which Triad uses ICU4J: add com.ibm.icu:icu4j"
            + " to the class path or module path, or give the name in ASCII (xn--…)",
        cause);
  }

  @Override
  public String explanation() {
    return "IDNA 2003 (JDK), and only names on which IDNA 2008 agrees; add com.ibm.icu:icu4j for all";
  }
}
