package io.triad.platform.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.platform.windows.ffi.Windows;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors have the names that they have elsewhere. */
final class WindowsErrorsTest {
  /** Of the error numbers of sockets, those that stand for something with another name elsewhere. */
  private static final Set<String> RENAMED =
      Set.of("WSAEWOULDBLOCK", "WSAESHUTDOWN", "WSAEDISCON", "WSAECANCELLED", "WSAEREFUSED");

  private static List<Method> constants(String prefix) {
    List<Method> constants =
        Arrays.stream(Windows.class.getMethods())
            .filter(method -> method.getName().startsWith(prefix))
            .filter(method -> method.getReturnType() == int.class)
            .toList();
    assertThat(constants).hasSizeGreaterThan(40);
    return constants;
  }

  private static int number(Method constant) {
    try {
      return (int) constant.invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  @Test
  void errors_of_sockets_are_called_as_elsewhere_or_keep_their_name() {
    assertThat(constants("WSAE"))
        .filteredOn(constant -> !RENAMED.contains(constant.getName()))
        .allSatisfy(
            constant -> assertThat(WindowsErrors.name(number(constant)))
                .isIn(constant.getName(), constant.getName().substring("WSA".length())));
  }

  @Test
  void every_error_number_of_the_headers_has_a_name() {
    assertThat(constants("ERROR_"))
        .filteredOn(constant -> number(constant) != 0)
        .allSatisfy(
            constant -> assertThat(WindowsErrors.name(number(constant)))
                .matches("[A-Z][A-Z_0-9]+"));
  }

  @ParameterizedTest
  @CsvSource({
    "10035, EAGAIN",
    "10054, ECONNRESET",
    "10058, EPIPE",
    "10061, ECONNREFUSED",
    "2,     ENOENT",
    "5,     EACCES",
    "6,     EBADF",
    "64,    ECONNRESET",
    "109,   EPIPE",
    "995,   ECANCELED",
    "11001, WSAHOST_NOT_FOUND",
    "0,     error 0",
    "77777, error 77777",
  })
  void by_number(int code, String name) {
    assertThat(WindowsErrors.name(code)).isEqualTo(name);
  }

  @Test
  void errors_of_the_resolver_have_the_names_of_the_standard() {
    assertThat(WindowsNames.symbol(Windows.WSAHOST_NOT_FOUND())).isEqualTo("EAI_NONAME");
    assertThat(WindowsNames.symbol(Windows.WSATRY_AGAIN())).isEqualTo("EAI_AGAIN");
    assertThat(WindowsNames.symbol(Windows.WSATYPE_NOT_FOUND())).isEqualTo("EAI_SERVICE");
    assertThat(WindowsNames.symbol(Windows.WSA_NOT_ENOUGH_MEMORY())).isEqualTo("EAI_MEMORY");
    assertThat(WindowsNames.symbol(Windows.WSANOTINITIALISED())).isEqualTo("EAI_SYSTEM");
  }
}
