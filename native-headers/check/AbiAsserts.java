import java.io.IOException;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.UnionLayout;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes down what Triad believes about the C interface of a system, as one assertion per line.
 *
 * <ul>
 *   <li>{@code OUT.c}: every size, alignment, member offset, member size and constant of the
 *       generated classes, as {@code _Static_assert};
 *   <li>{@code OUT.cpp}: every prototype of {@code functions.h}, as {@code static_assert} over the
 *       templates of {@code prototypes.hpp};
 *   <li>{@code OUT.broken.c} and {@code OUT.broken.cpp}: the same, line for line, each made false by
 *       as little as can be: a number is greater by one, a prototype differs in one type.
 * </ul>
 *
 * <p>Usage: {@code AbiAsserts SYSTEM ARCH CLASSES HEADERS OUT} with the generated classes on the
 * class path and in the folder {@code CLASSES}, and {@code native-headers} as {@code HEADERS}.
 *
 * <p>Names that differ from C's:
 *
 * <ul>
 *   <li>{@code NAME_X86_64} and {@code NAME_AARCH64} are {@code NAME} on that architecture;
 *   <li>member {@code name_3} is {@code name[3]};
 *   <li>member {@code a__b} is member {@code b} of member {@code a};
 *   <li>members called {@code opaque…} have no counterpart and hold an alignment;
 *   <li>the structs in {@link #STRUCTS_BY_ARCH} and {@link #RENAMED_STRUCTS}.
 * </ul>
 */
final class AbiAsserts {
  private static final List<String> ARCHES = List.of("X86_64", "AARCH64");

  private static final Map<String, Map<String, String>> STRUCTS_BY_ARCH =
      Map.of(
          "epoll_event_packed", Map.of("X86_64", "struct epoll_event"),
          "epoll_event_natural", Map.of("AARCH64", "struct epoll_event"));

  private static final Map<String, String> RENAMED_STRUCTS =
      Map.of("kernel_timespec", "struct __kernel_timespec");

  private static final Pattern ELEMENT = Pattern.compile("(\\w+)_(\\d+)");
  private static final Pattern COMMENT_OR_DIRECTIVE =
      Pattern.compile("(?s:/\\*.*?\\*/)|//.*|(?m:^)\\s*#(.*\\\\\\R)*.*");
  private static final Pattern PROTOTYPE = Pattern.compile("(.*?)(\\w+)\\s*\\((.*)\\)");

  private final String arch;
  private final String headers;
  private final List<String> layouts = new ArrayList<>();
  private final List<String> brokenLayouts = new ArrayList<>();
  private final List<String> prototypes = new ArrayList<>();
  private final List<String> brokenPrototypes = new ArrayList<>();

  private AbiAsserts(String arch, String headers) {
    this.arch = arch;
    this.headers = headers;
  }

  public static void main(String[] args) throws IOException, ReflectiveOperationException {
    if (args.length != 5 || !ARCHES.contains(args[1])) {
      System.err.println("usage: AbiAsserts SYSTEM X86_64|AARCH64 CLASSES HEADERS OUT");
      System.exit(2);
    }
    String packageName = "io.triad.platform." + args[0] + ".ffi";
    String constants = Character.toUpperCase(args[0].charAt(0)) + args[0].substring(1);
    Path classes = Path.of(args[2]).resolve(packageName.replace('.', '/'));
    Path folder = Path.of(args[3]).resolve(args[0]);
    var headers = new StringBuilder();
    for (Path header : list(folder, ".h")) {
      headers.append(Files.readString(header));
    }
    var asserts = new AbiAsserts(args[1], headers.toString());
    asserts.constants(Class.forName(packageName + "." + constants));
    for (Path file : list(classes, ".class")) {
      String name = file.getFileName().toString().replace(".class", "");
      if (!name.contains("$") && !name.equals(constants)) {
        asserts.struct(Class.forName(packageName + "." + name));
      }
    }
    asserts.functions(Files.readString(folder.resolve("functions.h")));
    Files.write(Path.of(args[4] + ".c"), asserts.layouts);
    Files.write(Path.of(args[4] + ".broken.c"), asserts.brokenLayouts);
    Files.write(Path.of(args[4] + ".cpp"), asserts.prototypes);
    Files.write(Path.of(args[4] + ".broken.cpp"), asserts.brokenPrototypes);
  }

  private static List<Path> list(Path directory, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  private void constants(Class<?> type) throws ReflectiveOperationException {
    for (Method method :
        Stream.of(type.getDeclaredMethods()).sorted(Comparator.comparing(Method::getName)).toList()) {
      if (Modifier.isPublic(method.getModifiers()) && method.getParameterCount() == 0) {
        constant(method.getName(), (Number) method.invoke(null));
      }
    }
  }

  private void constant(String javaName, Number value) {
    String name = javaName;
    for (String candidate : ARCHES) {
      if (javaName.endsWith("_" + candidate)) {
        if (!candidate.equals(arch)) {
          return;
        }
        name = javaName.substring(0, javaName.length() - candidate.length() - 1);
      }
    }
    boolean narrow = value instanceof Integer && value.intValue() < 0;
    String what = name + " = " + value;
    layout(
        equal(name, value.longValue(), narrow), equal(name, value.longValue() + 1, narrow), what);
  }

  private static String equal(String name, long bits, boolean narrow) {
    // Written as an unsigned number, since the smallest long has no literal of its own.
    String claim = "(unsigned long long) (%s) == 0x%xULL".formatted(name, bits);
    // Flags with the 32nd bit set are negative in Java, which is right only where C has 32 bits.
    return narrow
        ? claim + " || (sizeof(%s) == 4 && (%<s) == 0x%xU)".formatted(name, (int) bits)
        : claim;
  }

  private void struct(Class<?> type) throws ReflectiveOperationException {
    Optional<String> name = cName(type.getSimpleName());
    if (name.isEmpty()) {
      return;
    }
    var layout = (GroupLayout) type.getMethod("layout").invoke(null);
    number("sizeof(%s)".formatted(name.get()), layout.byteSize(), "size of " + name.get());
    // A packed struct's members say 1; C says the same of the struct.
    number(
        "_Alignof(%s)".formatted(name.get()), layout.byteAlignment(), "alignment of " + name.get());
    var members = new ArrayList<String>();
    members(name.get(), layout, 0, members);
    if (members.isEmpty() && layout.memberLayouts().size() > 2) {
      throw new IllegalStateException("no member of " + name.get() + " is checked");
    }
  }

  /** The C type behind a generated class, or empty if this architecture has no such type. */
  private Optional<String> cName(String name) {
    if (STRUCTS_BY_ARCH.containsKey(name)) {
      return Optional.ofNullable(STRUCTS_BY_ARCH.get(name).get(arch));
    }
    if (RENAMED_STRUCTS.containsKey(name)) {
      return Optional.of(Objects.requireNonNull(RENAMED_STRUCTS.get(name)));
    }
    if (headers.contains("\n} " + name + ";")) {
      return Optional.of(name);
    }
    return Optional.of((headers.contains("\nunion " + name + " {") ? "union " : "struct ") + name);
  }

  /** Claims for the members of {@code group}; unnamed structs and unions are looked through. */
  private void members(String owner, GroupLayout group, long base, List<String> done) {
    long offset = base;
    for (MemoryLayout member : group.memberLayouts()) {
      String name = member.name().orElse("");
      if (name.startsWith("$anon$")) {
        members(owner, (GroupLayout) member, offset, done);
      } else if (!(member instanceof PaddingLayout) && !name.startsWith("opaque")) {
        member(owner, name, offset, member.byteSize());
        done.add(name);
      }
      if (!(group instanceof UnionLayout)) {
        offset += member.byteSize();
      }
    }
  }

  private void member(String owner, String javaName, long offset, long size) {
    var element = ELEMENT.matcher(javaName);
    String name =
        element.matches()
            ? element.group(1) + "[" + element.group(2) + "]"
            : javaName.replaceFirst("(?<=\\w)__(?=\\w)", ".");
    number(
        "offsetof(%s, %s)".formatted(owner, name), offset, "offset of %s in %s".formatted(name, owner));
    number(
        "sizeof(((%s *) 0)->%s)".formatted(owner, name), size, "size of %s in %s".formatted(name, owner));
  }

  private void number(String expression, long value, String what) {
    layout(expression + " == " + value, expression + " == " + (value + 1), what);
  }

  private void layout(String condition, String broken, String what) {
    layouts.add(inFunction("layout_" + layouts.size(), condition, what));
    brokenLayouts.add(inFunction("broken_" + brokenLayouts.size(), broken, what));
  }

  /** A function of its own, because gcc reports a name it does not know once in each function. */
  private static String inFunction(String name, String condition, String what) {
    return "void triad_%s(void) { _Static_assert(%s, \"%s\"); }".formatted(name, condition, what);
  }

  /** A claim for each declaration of a function; whatever else the header holds is refused. */
  private void functions(String header) {
    var types = new StringBuilder();
    for (String declaration :
        COMMENT_OR_DIRECTIVE.matcher(header).replaceAll("").replaceAll("\\s+", " ").split(";")) {
      if (declaration.isBlank()) {
        continue;
      }
      if (declaration.strip().startsWith("typedef ")) {
        types.append(declaration.strip()).append("; ");
        continue;
      }
      var parts = PROTOTYPE.matcher(declaration.strip());
      if (!parts.matches()) {
        throw new IllegalStateException("functions.h: no prototype: " + declaration);
      }
      String result = types + parts.group(1);
      String name = parts.group(2);
      String parameters = parts.group(3);
      prototypes.add(prototype("triad", result, name, parameters));
      int first = parameters.indexOf(',') < 0 ? parameters.length() : parameters.indexOf(',');
      brokenPrototypes.add(
          parameters.equals("void")
              ? prototype("triad_broken", types + "triad_abi::other *", name, parameters)
              : prototype(
                  "triad_broken", result, name, "triad_abi::other *" + parameters.substring(first)));
    }
  }

  private static String prototype(
      String namespace, String result, String name, String parameters) {
    return ("namespace %s { using namespace triad_types; %s%s(%s); }"
            + " static_assert(triad_abi::alike<decltype(%1$s::%3$s), decltype(::%3$s)>::value,"
            + " \"prototype of %3$s\");")
        .formatted(namespace, result, name, parameters);
  }
}
