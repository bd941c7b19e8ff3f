package io.triad.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.engine.Platforms;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What native-image is told about Triad is well-formed, true, and everything there is to be told.
 * Whether it suffices only a native image could show.
 */
@Timeout(60)
final class NativeImageMetadataTest {
  /** Where native-image looks for it. */
  private static final String PLACE =
      "META-INF/native-image/io.triad/triad/reachability-metadata.json";

  /** The schema, as far as it is used: which members an object may have, by its place. */
  private static final Map<String, Set<String>> MEMBERS =
      Map.ofEntries(
          Map.entry("", Set.of("comment", "reflection", "resources", "foreign")),
          Map.entry(
              "/reflection",
              Set.of(
                  "reason",
                  "condition",
                  "type",
                  "methods",
                  "fields",
                  "allDeclaredMethods",
                  "allDeclaredFields",
                  "allDeclaredConstructors",
                  "allPublicMethods",
                  "allPublicFields",
                  "allPublicConstructors",
                  "unsafeAllocated",
                  "serializable",
                  "jniAccessible")),
          Map.entry("/reflection/condition", Set.of("typeReached")),
          Map.entry("/reflection/type", Set.of("proxy", "lambda")),
          Map.entry("/reflection/methods", Set.of("name", "parameterTypes")),
          Map.entry("/reflection/fields", Set.of("name")),
          Map.entry("/resources", Set.of("reason", "condition", "module", "glob", "bundle")),
          Map.entry("/foreign", Set.of("downcalls", "upcalls", "directUpcalls")),
          Map.entry(
              "/foreign/downcalls",
              Set.of("reason", "condition", "returnType", "parameterTypes", "options")),
          Map.entry(
              "/foreign/downcalls/options",
              Set.of("captureCallState", "critical", "firstVariadicArg")),
          Map.entry("/foreign/downcalls/options/critical", Set.of("allowHeapAccess")));

  private static final Set<String> LISTS =
      Set.of("reflection", "methods", "fields", "parameterTypes", "downcalls", "proxy", "comment");

  private static final Map<String, Class<?>> PRIMITIVES =
      Map.of("int", int.class, "long", long.class, "boolean", boolean.class);

  private final JsonNode metadata = read();

  private static JsonNode read() {
    try (var in = NativeImageMetadataTest.class.getClassLoader().getResourceAsStream(PLACE)) {
      return JsonMapper.shared().readTree(in.readAllBytes());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void every_member_is_one_of_the_schema() {
    List<String> faults = new ArrayList<>();
    check("", metadata, faults);
    assertThat(faults).isEmpty();
  }

  @Test
  void a_member_that_the_schema_does_not_have_is_a_fault() {
    List<String> faults = new ArrayList<>();
    check(
        "",
        JsonMapper.shared().readTree("{\"reflection\": [{\"typ\": \"A\"}], \"foreign\": []}"),
        faults);
    assertThat(faults).containsExactly("/reflection/typ", "/foreign is no object");
  }

  private static void check(String place, JsonNode node, List<String> faults) {
    if (node.isArray()) {
      node.forEach(element -> check(place, element, faults));
    } else if (node.isObject()) {
      node.propertyStream()
          .forEach(
              member -> {
                String inside = place + "/" + member.getKey();
                JsonNode value = member.getValue();
                if (!MEMBERS.getOrDefault(place, Set.of()).contains(member.getKey())) {
                  faults.add(inside);
                } else if (LISTS.contains(member.getKey()) && !value.isArray()) {
                  faults.add(inside + " is no list");
                } else if (MEMBERS.containsKey(inside)
                    && !LISTS.contains(member.getKey())
                    && !value.isObject()
                    && !inside.equals("/reflection/type")) {
                  faults.add(inside + " is no object");
                } else {
                  check(inside, value, faults);
                }
              });
    }
  }

  @Test
  void what_is_registered_for_reflection_is_there() {
    for (JsonNode entry : metadata.get("reflection")) {
      type(entry.get("condition").get("typeReached").stringValue());
      JsonNode named = entry.get("type");
      if (named.isObject()) {
        named.get("proxy").forEach(proxied -> type(proxied.stringValue()));
        continue;
      }
      Class<?> type = type(named.stringValue());
      for (JsonNode method : entry.path("methods")) {
        Class<?>[] parameters =
            method
                .get("parameterTypes")
                .valueStream()
                .map(parameter -> type(parameter.stringValue()))
                .toArray(Class<?>[]::new);
        assertThat(hasMember(type, method.get("name").stringValue(), parameters))
            .as("%s in %s", method, type)
            .isTrue();
      }
      for (JsonNode field : entry.path("fields")) {
        String name = field.get("name").stringValue();
        assertThat(Stream.of(type.getDeclaredFields()).map(Field::getName))
            .contains(name);
      }
    }
  }

  private static boolean hasMember(Class<?> type, String name, Class<?>[] parameters) {
    Stream<? extends Executable> members =
        name.equals("<init>")
            ? Stream.of(type.getDeclaredConstructors())
            : Stream.of(type.getDeclaredMethods()).filter(method -> method.getName().equals(name));
    return members.anyMatch(member -> Arrays.equals(member.getParameterTypes(), parameters));
  }

  private static Class<?> type(String name) {
    if (name.endsWith("[]")) {
      return type(name.substring(0, name.length() - 2)).arrayType();
    }
    Class<?> primitive = PRIMITIVES.get(name);
    try {
      return primitive != null ? primitive : Class.forName(name, false, loader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError("no class " + name, e);
    }
  }

  private static ClassLoader loader() {
    return NativeImageMetadataTest.class.getClassLoader();
  }

  @Test
  void every_platform_is_registered() throws Exception {
    String ladder =
        Files.readString(
            Path.of(System.getProperty("basedir", ""))
                .resolve("src/main/java/io/triad/engine/Platforms.java"));
    List<String> platforms =
        Pattern.compile("\"(io\\.triad\\.[a-z.]+\\.[A-Z]\\w+Platform)\"")
            .matcher(ladder)
            .results()
            .map(result -> result.group(1))
            .toList();
    assertThat(platforms).hasSize(4);
    assertThat(metadata.get("reflection").valueStream().map(entry -> entry.get("type")))
        .filteredOn(JsonNode::isString)
        .extracting(JsonNode::stringValue)
        .containsAll(platforms);
  }

  @Test
  void every_shape_of_a_native_call_is_registered_and_no_other() throws Exception {
    assertThat(registered()).containsExactlyInAnyOrderElementsOf(LinkedShape.below(classes()));
  }

  private List<LinkedShape> registered() {
    return metadata
        .get("foreign")
        .get("downcalls")
        .valueStream()
        .map(
            call -> new LinkedShape(
                call.get("returnType").stringValue(),
                call.get("parameterTypes").valueStream().map(JsonNode::stringValue).toList(),
                options(call.get("options"))))
        .toList();
  }

  private static Map<String, Object> options(JsonNode options) {
    Map<String, Object> values = new TreeMap<>();
    options
        .propertyStream()
        .forEach(
            option -> {
              JsonNode value = option.getValue();
              values.put(
                  option.getKey(),
                  value.isBoolean()
                      ? (Object) value.booleanValue()
                      : value.isInt()
                          ? (Object) value.intValue()
                      : Map.of(
                          "allowHeapAccess", value.get("allowHeapAccess").booleanValue()));
            });
    return values;
  }

  /** The folder of the main classes. */
  private static Path classes() throws URISyntaxException {
    return Path.of(
        Platforms.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
