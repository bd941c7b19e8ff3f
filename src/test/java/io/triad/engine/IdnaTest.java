package io.triad.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.triad.Triad;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Host names beyond ASCII, with ICU4J and without. */
@Timeout(300)
final class IdnaTest {
  private final IcuIdna icu = new IcuIdna();
  private final JdkIdna jdk = new JdkIdna();

  @ParameterizedTest
  @CsvSource({
    "faß.de, xn--fa-hia.de",
    "FAẞ.de, xn--fa-hia.de",
    "föö, xn--f-1gaa",
    "FÖÖ, xn--f-1gaa",
    "Ελλάς.gr, xn--hxarsa0b.gr",
    "ΟΔΟΣ, xn--pxavbq",
    "bücher。example, xn--bcher-kva.example",
    "日本語.jp, xn--wgv71a119e.jp",
    "נאפטר.example, xn--4dbqwrv.example",
    "１２７.0.0.1, 127.0.0.1",
    "ex\u00ADample.é, example.xn--9ca",
  })
  void sock_15_idna_2008_folds_case_and_keeps_the_sharp_s(String host, String ascii) {
    assertThat(icu.toAscii(host)).isEqualTo(ascii);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u200Db", "ä_b", "a／b.de", "ö..de", "ab--ö", "-ö", "ö-", "\uD800ä"})
  void sock_15_what_is_no_host_name_is_refused(String host) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> icu.toAscii(host))
        .withMessageContaining("not a host name by IDNA 2008");
  }

  @ParameterizedTest
  @CsvSource({
    "föö, xn--f-1gaa",
    "FÖÖ.Example, xn--f-1gaa.example",
    "日本語.jp, xn--wgv71a119e.jp",
    "bücher。example, xn--bcher-kva.example",
  })
  void sock_15_without_icu_names_are_converted_on_which_both_agree(String host, String ascii) {
    assertThat(jdk.toAscii(host)).isEqualTo(ascii);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "faß.de", "FAẞ.de", "Ελλάς.gr", "a\u200Db", "a\u200Cb", "ä_b", "a／b.de", "ö..de", "ab--ö",
        "נאפטר.example", "ex\u00ADample.é", "☃.net", "\u0300a", "xn--fa-hia.föö", "\u3002ö",
      })
  void sock_15_without_icu_other_names_are_refused_and_the_remedy_named(String host) {
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> jdk.toAscii(host))
        .withMessageContaining("IDNA 2008")
        .withMessageContaining("com.ibm.icu:icu4j")
        .withMessageContaining(host);
  }

  /** Every character of Unicode, at the places where it can make a difference. */
  @Test
  void sock_15_without_icu_a_result_is_always_that_of_icu() {
    List<String> different = new ArrayList<>();
    int converted = 0;
    for (int character = 0x80; character <= Character.MAX_CODE_POINT; character++) {
      if (!Character.isDefined(character)
          || Character.getType(character) == Character.PRIVATE_USE) {
        continue; // no letter in any edition
      }
      String text = Character.toString(character);
      for (String host : new String[] {text, "a" + text + "b", text + "." + text, "ö" + text}) {
        String ascii = resultOf(jdk, host);
        if (ascii != null) {
          converted++;
          if (!ascii.equals(resultOf(icu, host))) {
            different.add(Character.getName(character) + " in " + host);
          }
        }
      }
    }
    assertThat(different).isEmpty();
    assertThat(converted).isGreaterThan(300_000);
  }

  private static @Nullable String resultOf(
      Idna.Converter idna, String host) {
    try {
      return idna.toAscii(host);
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      return null;
    }
  }

  @Test
  void sock_15_which_edition_is_in_use_is_explained() {
    assertThat(Triad.explain()).containsPattern("host names: IDNA 2008 \\(ICU4J \\d+\\.\\d+\\)");
  }

  /** The same classes once more, by a class loader that has no ICU4J. */
  @Test
  void sock_15_icu_may_be_missing() throws Exception {
    try (URLClassLoader without =
        new URLClassLoader(classPathWithoutIcu(), ClassLoader.getPlatformClassLoader())) {
      Class<?> idna = without.loadClass(Idna.class.getName());
      assertThat(idna).isNotSameAs(Idna.class);
      Method toAscii = idna.getMethod("toAscii", String.class);
      Method explanation = idna.getMethod("explanation");

      assertThat(toAscii.invoke(null, "föö")).isEqualTo("xn--f-1gaa");
      assertThat(explanation.invoke(null).toString())
          .startsWith("IDNA 2003 (JDK)")
          .contains("com.ibm.icu:icu4j");
      assertThatExceptionOfType(InvocationTargetException.class)
          .isThrownBy(() -> toAscii.invoke(null, "faß.de"))
          .withCauseInstanceOf(UnsupportedOperationException.class);
    }
  }

  private static URL[] classPathWithoutIcu() throws IOException {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!entry.contains("icu4j")) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    return urls.toArray(new URL[0]);
  }
}
