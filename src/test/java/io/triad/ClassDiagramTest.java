package io.triad;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The class diagram of CONTRIBUTING.md says what the code says, no less and no more. */
@Timeout(60)
class ClassDiagramTest {
  private static final Path ROOT = Path.of(System.getProperty("basedir", ""));

  private static final Pattern RELATION =
      Pattern.compile("^  (\\w+) (<\\|\\.\\.|<\\|--|o--|\\.\\.>) (\\w+)", Pattern.MULTILINE);

  private final JavaClasses classes =
      new ClassFileImporter()
          .importPath(
              Path.of(System.getProperty("project.build.directory", "target"), "classes"));

  @Test
  void every_relation_that_is_drawn_exists() throws IOException {
    Set<String> drawn = drawn();

    assertThat(drawn).hasSizeGreaterThan(20);
    assertThat(drawn).allSatisfy(
        relation -> {
          Matcher parts = RELATION.matcher("  " + relation);
          assertThat(parts.matches()).isTrue();
          JavaClass left = named(parts.group(1));
          JavaClass right = named(parts.group(3));
          boolean true_ =
              switch (parts.group(2)) {
                case "<|..", "<|--" -> extendsDirectly(right, left);
                case "o--" -> left.getAllFields().stream()
                    .anyMatch(field -> field.getRawType().equals(right));
                default -> left.getDirectDependenciesFromSelf().stream()
                    .anyMatch(use -> use.getTargetClass().equals(right));
              };
          assertThat(true_).as(relation).isTrue();
        });
  }

  @Test
  void whatever_implements_the_contract_is_drawn() throws IOException {
    Set<String> drawn = drawn();
    Set<String> parents =
        drawn.stream()
            .filter(relation -> relation.contains("<|"))
            .map(relation -> relation.substring(0, relation.indexOf(' ')))
            .collect(toSet());
    Set<String> missing = new TreeSet<>();
    for (String parent : parents) {
      JavaClass above = named(parent);
      for (JavaClass candidate : classes) {
        if (extendsDirectly(candidate, above)
            && candidate.isTopLevelClass()
            && drawn.stream().noneMatch(
                relation -> relation.matches(
                    parent + " <\\|(\\.\\.|--) " + candidate.getSimpleName()))) {
          missing.add(parent + " <|.. " + candidate.getSimpleName());
        }
      }
    }

    assertThat(missing).isEmpty();
  }

  private static boolean extendsDirectly(JavaClass below, JavaClass above) {
    return below.getRawInterfaces().contains(above)
        || below.getRawSuperclass().filter(above::equals).isPresent();
  }

  private JavaClass named(String simpleName) {
    return classes.stream()
        .filter(found -> found.getSimpleName().equals(simpleName))
        .filter(found -> !found.getPackageName().endsWith(".ffi"))
        .reduce(
            (one, other) -> {
              throw new AssertionError(one.getName() + " and " + other.getName());
            })
        .orElseThrow(() -> new AssertionError("no class is called " + simpleName));
  }

  private static Set<String> drawn() throws IOException {
    String text = Files.readString(ROOT.resolve("CONTRIBUTING.md"));
    Matcher diagram =
        Pattern.compile("```mermaid\nclassDiagram\n(.*?)```", Pattern.DOTALL).matcher(text);
    assertThat(diagram.find()).isTrue();
    return RELATION
        .matcher(diagram.group(1))
        .results()
        .map(found -> found.group(1) + " " + found.group(2) + " " + found.group(3))
        .collect(toSet());
  }
}
