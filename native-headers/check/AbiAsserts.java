import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.PaddingLayout;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
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
 * Prints what the generated classes claim about the C interface, as one {@code _Static_assert} per
 * line: every size, alignment, member offset, member size and constant.
 *
 * <p>Usage: {@code AbiAsserts PACKAGE CONSTANTS_CLASS CLASSES_DIRECTORY HEADERS_DIRECTORY ARCH},
 * with the classes on the class path and {@code ARCH} one of {@code X86_64}, {@code AARCH64}.
 *
 * <p>Names that differ from C's:
 *
 * <ul>
 *   <li>{@code NAME_X86_64} and {@code NAME_AARCH64} are {@code NAME} on that architecture;
 *   <li>member {@code name_3} is {@code name[3]};
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

  private final PrintStream out;
  private final String arch;
  private final String headers;

  private AbiAsserts(PrintStream out, String arch, String headers) {
    this.out = out;
    this.arch = arch;
    this.headers = headers;
  }

  public static void main(String[] args) throws IOException, ReflectiveOperationException {
    if (args.length != 5 || !ARCHES.contains(args[4])) {
      System.err.println("usage: AbiAsserts PACKAGE CONSTANTS_CLASS CLASSES HEADERS X86_64|AARCH64");
      System.exit(2);
    }
    String packageName = args[0];
    Path classes = Path.of(args[2]).resolve(packageName.replace('.', '/'));
    var headers = new StringBuilder();
    for (Path header : list(Path.of(args[3]), ".h")) {
      headers.append(Files.readString(header));
    }
    try (var out = new PrintStream(System.out, false, StandardCharsets.UTF_8)) {
      var asserts = new AbiAsserts(out, args[4], headers.toString());
      asserts.constants(Class.forName(packageName + "." + args[1]));
      for (Path file : list(classes, ".class")) {
        String name = file.getFileName().toString().replace(".class", "");
        if (!name.contains("$") && !name.equals(args[1])) {
          asserts.struct(Class.forName(packageName + "." + name));
        }
      }
    }
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
    long bits = value.longValue();
    // Written as an unsigned number, since the smallest long has no literal of its own.
    String claim = "(unsigned long long) (%s) == 0x%xULL".formatted(name, bits);
    if (value instanceof Integer && bits < 0) {
      // Flags with the 32nd bit set are negative in Java, which is right only where C has 32 bits.
      claim += " || (sizeof(%s) == 4 && (%<s) == 0x%xU)".formatted(name, value.intValue());
    }
    claim(claim, name + " = " + value);
  }

  private void struct(Class<?> type) throws ReflectiveOperationException {
    Optional<String> name = cName(type.getSimpleName());
    if (name.isEmpty()) {
      return;
    }
    var layout = (GroupLayout) type.getMethod("layout").invoke(null);
    claim("sizeof(%s) == %d".formatted(name.get(), layout.byteSize()), "size of " + name.get());
    // A packed struct's members say 1; C says the same of the struct.
    claim(
        "_Alignof(%s) == %d".formatted(name.get(), layout.byteAlignment()),
        "alignment of " + name.get());
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
    return Optional.of(headers.contains("\n} " + name + ";") ? name : "struct " + name);
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
      if (!isUnion(group)) {
        offset += member.byteSize();
      }
    }
  }

  private static boolean isUnion(GroupLayout group) {
    return group instanceof java.lang.foreign.UnionLayout;
  }

  private void member(String owner, String javaName, long offset, long size) {
    var element = ELEMENT.matcher(javaName);
    String name = element.matches() ? element.group(1) + "[" + element.group(2) + "]" : javaName;
    claim(
        "offsetof(%s, %s) == %d".formatted(owner, name, offset),
        "offset of %s in %s".formatted(name, owner));
    claim(
        "sizeof(((%s *) 0)->%s) == %d".formatted(owner, name, size),
        "size of %s in %s".formatted(name, owner));
  }

  private void claim(String condition, String what) {
    out.printf("_Static_assert(%s, \"%s\");%n", condition, what);
  }
}
