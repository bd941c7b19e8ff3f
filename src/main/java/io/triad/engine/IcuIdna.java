package io.triad.engine;

import com.ibm.icu.text.IDNA;
import com.ibm.icu.util.VersionInfo;
import java.util.Locale;

/** IDNA 2008 by ICU4J. The only class that mentions it: where it is missing, this one cannot be made. */
final class IcuIdna implements Idna.Converter {
  /**
   * As a registry checks names, and as far as ASCII goes only letters, digits and hyphens: a full-width
   * slash must not become a slash.
   */
  private final IDNA idna =
      IDNA.getUTS46Instance(
          IDNA.NONTRANSITIONAL_TO_ASCII
              | IDNA.CHECK_BIDI
              | IDNA.CHECK_CONTEXTJ
              | IDNA.CHECK_CONTEXTO
              | IDNA.USE_STD3_RULES);

  @Override
  public String toAscii(String host) {
    IDNA.Info info = new IDNA.Info();
    StringBuilder ascii = idna.nameToASCII(host, new StringBuilder(), info);
    if (info.hasErrors()) {
      throw new IllegalArgumentException(
          "not a host name by IDNA 2008: " + info.getErrors().toString().toLowerCase(Locale.ROOT));
    }
    return ascii.toString();
  }

  @Override
  public String explanation() {
    VersionInfo version = VersionInfo.ICU_VERSION;
    return "IDNA 2008 (ICU4J " + version.getMajor() + "." + version.getMinor() + ")";
  }
}
