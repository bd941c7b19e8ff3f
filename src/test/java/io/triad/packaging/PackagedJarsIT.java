package io.triad.packaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Opens each jar that was packaged: what is in it, what is not, and what it says about itself. */
@Timeout(60)
final class PackagedJarsIT {
  private static final Path ROOT = Path.of(System.getProperty("basedir", ""));
  private static final Path TARGET = Path.of(System.getProperty("project.build.directory", ""));
  private static final String VERSION = System.getProperty("project.version", "");

  private static final String PLATFORM = "io/triad/platform/";
  private static final String DESCRIPTOR = "module-info.class";

  /** Which platforms are in which jar; the classifier is empty for the main jar. */
  private static final Map<String, Set<String>> PLATFORMS =
      new TreeMap<>(
          Map.of(
              "", Set.of("linux", "macos", "windows"),
              "linux-x86_64", Set.of("linux"),
              "linux-aarch_64", Set.of("linux"),
              "osx-x86_64", Set.of("macos"),
              "osx-aarch_64", Set.of("macos"),
              "windows-x86_64", Set.of("windows")));

  private static Set<String> classifiers() {
    return PLATFORMS.keySet();
  }

  private static Path jar(String classifier) {
    return TARGET.resolve(
        "triad-" + VERSION + (classifier.isEmpty() ? "" : "-" + classifier) + ".jar");
  }

  /** The names of all files in a jar; no folders. */
  private static Set<String> files(String classifier) throws IOException {
    try (JarFile jar = new JarFile(jar(classifier).toFile())) {
      return jar.stream()
          .filter(entry -> !entry.isDirectory())
          .map(ZipEntry::getName)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static String text(String classifier, String name) throws IOException {
    try (JarFile jar = new JarFile(jar(classifier).toFile())) {
      return new String(jar.getInputStream(jar.getJarEntry(name)).readAllBytes(), UTF_8);
    }
  }

  @ParameterizedTest
  @MethodSource("classifiers")
  void a_jar_has_its_platforms_and_no_other(String classifier) throws IOException {
    Set<String> expected = PLATFORMS.get(classifier);
    Set<String> found =
        files(classifier).stream()
            .filter(name -> name.startsWith(PLATFORM))
            .map(name -> name.substring(PLATFORM.length()).replaceFirst("/.*", ""))
            .collect(Collectors.toSet());
    assertThat(found).isEqualTo(expected);
    for (String platform : expected) {
      String type = Character.toUpperCase(platform.charAt(0)) + platform.substring(1);
      assertThat(files(classifier)).contains(PLATFORM + platform + "/" + type + "Platform.class");
    }
  }

  @ParameterizedTest
  @MethodSource("classifiers")
  void but_for_platforms_and_descriptor_all_jars_are_alike(String classifier) throws IOException {
    assertThat(shared(classifier)).isEqualTo(shared("")).hasSizeGreaterThan(200);
  }

  /** Name and checksum of what is in every jar. */
  private static Map<String, Long> shared(String classifier) throws IOException {
    try (JarFile jar = new JarFile(jar(classifier).toFile())) {
      return jar.stream()
          .filter(entry -> !entry.isDirectory())
          .filter(entry -> !entry.getName().startsWith(PLATFORM))
          .filter(entry -> !entry.getName().equals(DESCRIPTOR))
          .collect(Collectors.toMap(ZipEntry::getName, ZipEntry::getCrc));
    }
  }

  @ParameterizedTest
  @MethodSource("classifiers")
  void the_descriptor_names_the_packages_that_are_there(String classifier) throws IOException {
    ModuleDescriptor module =
        ModuleFinder.of(jar(classifier)).find("io.triad").orElseThrow().descriptor();
    Set<String> packages =
        files(classifier).stream()
            .filter(name -> name.endsWith(".class") && name.contains("/"))
            .map(name -> name.substring(0, name.lastIndexOf('/')).replace('/', '.'))
            .collect(Collectors.toSet());

    assertThat(module.isAutomatic()).isFalse();
    assertThat(module.rawVersion()).contains(VERSION);
    assertThat(module.packages()).isEqualTo(packages);
    assertThat(module.exports()).extracting(ModuleDescriptor.Exports::source).isSubsetOf(packages);
    // Everything else is `static`: there or not, as the user likes.
    assertThat(module.requires())
        .filteredOn(
            requires -> !requires.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
        .extracting(ModuleDescriptor.Requires::name)
        .containsExactlyInAnyOrder("java.base", "jdk.unsupported");
  }

  @ParameterizedTest
  @MethodSource("classifiers")
  void the_module_path_resolves_it_alone(String classifier) {
    Configuration configuration =
        ModuleLayer.boot()
            .configuration()
            .resolve(ModuleFinder.of(jar(classifier)), ModuleFinder.of(), Set.of("io.triad"));
    assertThat(configuration.modules()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("classifiers")
  void the_jar_tool_finds_nothing_wrong_and_describes_it(String classifier) throws IOException {
    String file = jar(classifier).toString();
    assertThat(tool("--validate", "--file", file)).isEmpty();
    List<String> contained = new ArrayList<>();
    for (String platform : PLATFORMS.get(classifier)) {
      contained.add("contains io.triad.platform." + platform);
      contained.add("contains io.triad.platform." + platform + ".ffi");
    }
    assertThat(tool("--describe-module", "--file", file).lines())
        .filteredOn(line -> line.startsWith("contains io.triad.platform"))
        .containsExactlyInAnyOrderElementsOf(contained);
  }

  private static String tool(String... arguments) {
    StringWriter output = new StringWriter();
    PrintWriter writer = new PrintWriter(output);
    int status = ToolProvider.findFirst("jar").orElseThrow().run(writer, writer, arguments);
    assertThat(status).as("%s", output).isZero();
    return output.toString();
  }

  private static Stream<String> everyJar() {
    return Stream.concat(classifiers().stream(), Stream.of("sources", "javadoc"));
  }

  @ParameterizedTest
  @MethodSource("everyJar")
  void licence_and_notice_are_in_every_jar(String classifier) throws IOException {
    assertThat(text(classifier, "META-INF/LICENSE"))
        .isEqualTo(Files.readString(ROOT.resolve("LICENSE")))
        .contains("Apache License", "Version 2.0");
    assertThat(text(classifier, "META-INF/NOTICE"))
        .isEqualTo(Files.readString(ROOT.resolve("NOTICE")));
  }

  @ParameterizedTest
  @MethodSource("everyJar")
  void no_time_of_the_build_is_in_any_jar(String classifier) throws IOException {
    try (JarFile jar = new JarFile(jar(classifier).toFile())) {
      assertThat(jar.stream().map(ZipEntry::getTimeLocal).distinct())
          .containsExactly(LocalDateTime.of(2025, 1, 1, 0, 0));
      assertThat(jar.getManifest().getMainAttributes().keySet())
          .extracting(Object::toString)
          .doesNotContain("Built-By", "Build-Time", "Automatic-Module-Name");
    }
  }

  @ParameterizedTest
  @MethodSource("classifiers")
  void the_bill_of_materials_has_triad_and_nothing_else(String classifier) throws IOException {
    assumeFalse(
        "offline: true".equals(System.getProperty("triad.maven")),
        "Maven makes no bill of materials when it is offline");
    JsonNode bill =
        JsonMapper.shared().readTree(text(classifier, "META-INF/sbom/triad.cdx.json"));
    JsonNode triad = bill.get("metadata").get("component");
    assertThat(bill.get("bomFormat").stringValue()).isEqualTo("CycloneDX");
    assertThat(bill.has("serialNumber")).isFalse();
    assertThat(triad.get("name").stringValue()).isEqualTo("triad");
    assertThat(triad.get("version").stringValue()).isEqualTo(VERSION);
    assertThat(triad.get("licenses").get(0).get("license").get("id").stringValue())
        .isEqualTo("Apache-2.0");
    assertThat(bill.path("components").size()).isZero();
  }

  @Test
  void the_sources_of_every_public_package_are_there() throws IOException {
    Set<String> sources = files("sources");
    for (String root : List.of("src/main", "platform-linux/src/main", "platform-macos/src/main",
        "platform-windows/src/main", "platform-linux/src/generated")) {
      Path folder = ROOT.resolve(root).resolve("java");
      try (Stream<Path> files = Files.walk(folder)) {
        assertThat(
            files
                .filter(file -> file.toString().endsWith(".java"))
                .map(file -> folder.relativize(file).toString().replace('\\', '/')))
            .isSubsetOf(sources);
      }
    }
  }

  @Test
  void the_javadoc_has_the_exported_packages_only() throws IOException {
    ModuleDescriptor module = ModuleFinder.of(jar("")).find("io.triad").orElseThrow().descriptor();
    List<String> listed = new ArrayList<>(List.of("module:io.triad"));
    module.exports().stream().map(ModuleDescriptor.Exports::source).sorted().forEach(listed::add);
    assertThat(text("javadoc", "element-list").lines()).containsExactlyElementsOf(listed);
  }

  @Test
  void the_bom_has_this_version_and_every_jar() throws IOException {
    String bom = Files.readString(ROOT.resolve("bom/pom.xml"));
    assertThat(bom).contains("<artifactId>triad-bom</artifactId>\n  <version>" + VERSION + "<");
    assertThat(
        Pattern.compile("<dependency>(.*?)</dependency>", Pattern.DOTALL)
            .matcher(bom)
            .results()
            .map(result -> squeezed(result.group(1))))
        .containsExactlyInAnyOrderElementsOf(
            classifiers().stream().map(PackagedJarsIT::managed).toList());
  }

  private static String managed(String classifier) {
    return "<groupId>io.triad</groupId><artifactId>triad</artifactId>"
        + "<version>${project.version}</version>"
        + (classifier.isEmpty() ? "" : "<classifier>" + classifier + "</classifier>");
  }

  /** src/it has run by now, with the version filled in. */
  @Test
  void the_coordinates_in_the_readme_are_those_of_projects_that_were_built() throws IOException {
    StringBuilder poms = new StringBuilder();
    for (String project : List.of("main-jar", "classifier-jar", "changed-api")) {
      poms.append(Files.readString(TARGET.resolve("it").resolve(project).resolve("pom.xml")));
    }
    String built = squeezed(poms.toString());
    List<String> examples =
        Pattern.compile("```xml\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(ROOT.resolve("README.md")))
            .results()
            .map(result -> squeezed(result.group(1)))
            .toList();
    assertThat(examples).hasSize(3).allSatisfy(example -> assertThat(built).contains(example));
  }

  private static String squeezed(String xml) {
    return xml.replaceAll("\\s", "");
  }
}
