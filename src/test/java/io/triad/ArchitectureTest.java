package io.triad;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The floors of the house. Each rule is also shown a breach, which it must find. */
class ArchitectureTest {
  private static final Path BASE = Path.of(System.getProperty("basedir", ""));
  private static final Path CLASSES =
      Path.of(System.getProperty("project.build.directory", "target"), "classes");

  /** Top to bottom. Packages of one floor may use each other. */
  private static final List<Pattern> FLOORS =
      Stream.of(
          "testing",
          "net|tls|file|process|signal",
          "descriptor|socket|stream|sync|thread",
          "|lowlevel",
          "loop",
          "engine|engine\\.simulated")
          .map(names -> Pattern.compile("io\\.triad\\.?(?:" + names + ")"))
          .toList();

  private static final Pattern PLATFORM =
      Pattern.compile("io\\.triad\\.platform\\.(?<system>linux|macos|windows)(?<ffi>\\.ffi)?");

  /** The ladder decides by it. */
  private static final Set<String> MAY_READ_OS_NAME = Set.of("Platforms.java");

  private static final ArchRule USES_ONLY_WHAT_IS_BELOW =
      classes()
          .that()
          .resideInAPackage("io.triad..")
          .should(
              new ArchCondition<>("use only what is below") {
                @Override
                public void check(JavaClass user, ConditionEvents events) {
                  user.getDirectDependenciesFromSelf().stream()
                      .filter(use -> isOurs(use.getTargetClass().getPackageName()))
                      .filter(
                          use -> !mayUse(user.getPackageName(),
                              use.getTargetClass().getPackageName()))
                      .map(use -> SimpleConditionEvent.violated(user, use.getDescription()))
                      .forEach(events::add);
                }
              });

  private static boolean isOurs(String name) {
    return name.equals("io.triad") || name.startsWith("io.triad.");
  }

  /** A platform stands below the engine contract and implements it: it looks up to that alone. */
  private static boolean mayUse(String user, String used) {
    if (user.equals(used)) {
      return true;
    }
    var platform = PLATFORM.matcher(user);
    if (platform.matches()) {
      return platform.group("ffi") == null
          && (used.equals("io.triad.engine") || used.equals(user + ".ffi"));
    }
    return floorOf(user) <= floorOf(used) && !PLATFORM.matcher(used).matches();
  }

  private static int floorOf(String name) {
    for (int floor = 0; floor < FLOORS.size(); floor++) {
      if (FLOORS.get(floor).matcher(name).matches()) {
        return floor;
      }
    }
    return PLATFORM.matcher(name).matches() ? FLOORS.size() : -1;
  }

  @Test
  void each_package_uses_only_what_is_below() {
    USES_ONLY_WHAT_IS_BELOW.check(ours());
  }

  @ParameterizedTest
  @CsvSource({
    "io.triad.engine, io.triad.loop",
    "io.triad.loop, io.triad",
    "io.triad, io.triad.sync",
    "io.triad.lowlevel, io.triad.net",
    "io.triad.stream, io.triad.net",
    "io.triad.tls, io.triad.testing",
    "io.triad.engine, io.triad.platform.linux",
    "io.triad.net, io.triad.platform.linux.ffi",
    "io.triad.platform.linux, io.triad.loop",
    "io.triad.platform.linux, io.triad.platform.macos",
    "io.triad.platform.macos, io.triad.platform.linux.ffi",
    "io.triad.platform.linux.ffi, io.triad.platform.linux",
    "io.triad.platform.linux.ffi, io.triad.engine",
    "io.triad.net, io.triad.nowhere",
  })
  void breach_of_the_floors_is_found(String user, String used, @TempDir Path folder) {
    JavaClasses breach =
        compile(
            folder,
            used + ".Used",
            "package " + used + "; public class Used {}",
            user + ".User",
            "package " + user + "; class User { " + used + ".Used field; }");

    assertThatThrownBy(() -> USES_ONLY_WHAT_IS_BELOW.check(breach))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Field <" + user + ".User.field> has type <" + used + ".Used>");
  }

  @ParameterizedTest
  @CsvSource({
    "io.triad.testing, io.triad.net",
    "io.triad.tls, io.triad.net",
    "io.triad.net, io.triad.loop",
    "io.triad.loop, io.triad.engine",
    "io.triad.platform.linux, io.triad.engine",
    "io.triad.platform.linux, io.triad.platform.linux.ffi",
  })
  void use_of_what_is_below_is_allowed(String user, String used) {
    assertThat(mayUse(user, used)).isTrue();
  }

  @Test
  void every_package_has_its_floor() {
    assertThat(ours())
        .extracting(JavaClass::getPackageName)
        .filteredOn(ArchitectureTest::isOurs)
        .isNotEmpty()
        .allSatisfy(name -> assertThat(floorOf(name)).as(name).isNotNegative());
  }

  /** NullAway looks only at marked packages, so a forgotten mark would go unnoticed. */
  @Test
  void every_package_is_null_marked() {
    assertThat(ours())
        .filteredOn(type -> isOurs(type.getPackageName()))
        .allSatisfy(
            type -> assertThat(
                type.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked"))
                .as(type.getPackageName())
                .isTrue());
  }

  @Test
  void exported_api_mentions_exported_types_only() {
    apiOf(exportedPackages()).check(ours());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "public class Api { public io.triad.loop.Hidden method() { return null; } }",
        "public class Api { protected Api(java.util.List<io.triad.loop.Hidden> list) {} }",
        "public class Api { public void method() throws io.triad.loop.Hidden {} }",
        "public class Api { public io.triad.loop.Hidden[] field; }",
        "public class Api extends io.triad.loop.Hidden {}",
      })
  void hidden_type_in_the_api_is_found(String api, @TempDir Path folder) {
    JavaClasses breach =
        compile(
            folder,
            "io.triad.loop.Hidden",
            "package io.triad.loop; public class Hidden extends Exception {}",
            "io.triad.Api",
            "package io.triad; " + api);

    assertThatThrownBy(() -> apiOf(Set.of("io.triad")).check(breach))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("mentions io.triad.loop.Hidden");
  }

  @Test
  void only_the_ladder_asks_which_system_this_is() {
    Set<String> readers = new TreeSet<>();
    readers.addAll(readersOfOsName(BASE.resolve("src/main")));
    for (String system : List.of("linux", "macos", "windows")) {
      readers.addAll(readersOfOsName(BASE.resolve("platform-" + system).resolve("src/main")));
    }
    assertThat(readers).contains("Platforms.java");
    assertThat(MAY_READ_OS_NAME).containsAll(readers);
  }

  private static ArchRule apiOf(Set<String> exported) {
    return classes()
        .that(
            DescribedPredicate.describe(
                "are exported",
                type -> exported.contains(type.getPackageName())
                    && isApi(type.getModifiers(), type)))
        .should(
            new ArchCondition<>("mention exported types only") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                Set<JavaClass> mentioned =
                    new TreeSet<>((a, b) -> a.getName().compareTo(b.getName()));
                type.getRawSuperclass().ifPresent(mentioned::add);
                mentioned.addAll(type.getRawInterfaces());
                for (JavaMember member : type.getMembers()) {
                  if (isApi(member.getModifiers(), type)) {
                    mentioned.addAll(member.getAllInvolvedRawTypes());
                    if (member instanceof JavaCodeUnit code) {
                      mentioned.addAll(code.getExceptionTypes());
                    }
                  }
                }
                mentioned.stream()
                    .map(JavaClass::getBaseComponentType)
                    .filter(used -> isOurs(used.getPackageName()))
                    .filter(used -> !exported.contains(used.getPackageName()))
                    .map(used -> type.getName() + " mentions " + used.getName())
                    .map(text -> SimpleConditionEvent.violated(type, text))
                    .forEach(events::add);
              }
            });
  }

  private static boolean isApi(Set<JavaModifier> modifiers, JavaClass owner) {
    boolean visible =
        modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    return visible
        && owner
            .getEnclosingClass()
            .map(outer -> isApi(outer.getModifiers(), outer))
            .orElse(true);
  }

  private static Set<String> exportedPackages() {
    try (InputStream file = Files.newInputStream(CLASSES.resolve("module-info.class"))) {
      return ModuleDescriptor.read(file).exports().stream()
          .filter(export -> !export.isQualified())
          .map(ModuleDescriptor.Exports::source)
          .collect(toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> readersOfOsName(Path root) {
    if (!Files.isDirectory(root)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(ArchitectureTest::readsOsName)
          .map(file -> file.getFileName().toString())
          .collect(toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean readsOsName(Path file) {
    try {
      return Files.readString(file, UTF_8).contains("\"os.name\"");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JavaClasses ours() {
    return new ClassFileImporter().importPath(CLASSES);
  }

  /** Compiles pairs of a class name and its source. */
  private static JavaClasses compile(Path folder, String... namesAndSources) {
    try {
      List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", folder.toString()));
      for (int i = 0; i < namesAndSources.length; i += 2) {
        Path file = folder.resolve(namesAndSources[i].replace('.', '/') + ".java");
        Files.createDirectories(file.getParent());
        Files.writeString(file, namesAndSources[i + 1]);
        arguments.add(file.toString());
      }
      int status =
          ToolProvider.getSystemJavaCompiler().run(null, null, null,
              arguments.toArray(String[]::new));
      assertThat(status).as("javac's status").isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ClassFileImporter().importPath(folder);
  }
}
