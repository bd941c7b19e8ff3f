package io.triad.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A shape in which native functions are called, as native-image wants to be told of it.
 *
 * <p>It is read off the class files, where the layouts, the options and the call that links them
 * stand one after the other, or the layouts in a constant of the class. A shape that is built in any
 * other way is an error here, never overlooked.
 *
 * @param returnType the canonical name of the result's layout
 * @param parameterTypes those of the parameters
 * @param options the linker's options, by the names that the metadata have for them
 */
record LinkedShape(String returnType, List<String> parameterTypes, Map<String, Object> options) {
  private static final String LINKER = "java/lang/foreign/Linker";
  private static final String LAYOUTS = "java/lang/foreign/ValueLayout";
  private static final String DESCRIPTOR = "java/lang/foreign/FunctionDescriptor";

  /** The names do not depend on the system, as C's do: long has 32 bits on Windows. */
  private static final Map<String, String> CANONICAL =
      Map.of("JAVA_LONG", "jlong", "JAVA_INT", "jint", "ADDRESS", "void*");

  /** The shapes that the classes below a folder link. */
  static Set<LinkedShape> below(Path classes) throws IOException {
    Set<LinkedShape> shapes = new LinkedHashSet<>();
    try (Stream<Path> files = Files.walk(classes)) {
      files
          .filter(file -> file.toString().endsWith(".class"))
          .filter(file -> !file.endsWith("module-info.class"))
          .forEach(file -> new Reader(parsed(file)).read(shapes));
    }
    return shapes;
  }

  private static ClassModel parsed(Path file) {
    try {
      return ClassFile.of().parse(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Goes through the instructions of a class as they stand. */
  private static final class Reader {
    private final ClassModel type;

    /** Constants of the class that are descriptors. */
    private final Map<String, List<String>> constants = new HashMap<>();

    private final List<String> layouts = new ArrayList<>();
    private final Map<String, Object> options = new TreeMap<>();
    private List<String> descriptor = List.of();
    private Object number = 0;

    Reader(ClassModel type) {
      this.type = type;
    }

    void read(Set<LinkedShape> shapes) {
      List<MethodModel> methods = new ArrayList<>(type.methods());
      methods.sort((a, b) -> Boolean.compare(isInitializer(b), isInitializer(a)));
      for (MethodModel method : methods) {
        layouts.clear();
        options.clear();
        descriptor = List.of();
        method
            .code()
            .ifPresent(code -> code.elementStream().forEach(element -> take(element, shapes)));
      }
    }

    private static boolean isInitializer(MethodModel method) {
      return method.methodName().equalsString("<clinit>");
    }

    private void take(CodeElement element, Set<LinkedShape> shapes) {
      switch (element) {
        case ConstantInstruction constant -> number = constant.constantValue();
        case FieldInstruction field -> take(field);
        case InvokeInstruction call -> take(call, shapes);
        default -> {}
      }
    }

    private void take(FieldInstruction field) {
      String name = field.name().stringValue();
      boolean ofClass = field.owner().asSymbol().equals(type.thisClass().asSymbol());
      if (field.owner().asInternalName().equals(LAYOUTS)) {
        layouts.add(CANONICAL.getOrDefault(name, name));
      } else if (ofClass && field.type().equalsString("L" + DESCRIPTOR + ";")) {
        if (field.opcode() == Opcode.PUTSTATIC) {
          constants.put(name, descriptor);
        } else {
          descriptor = constants.getOrDefault(name, List.of());
        }
      }
    }

    private void take(InvokeInstruction call, Set<LinkedShape> shapes) {
      String owner = call.owner().asInternalName();
      String name = call.name().stringValue();
      if (owner.equals(DESCRIPTOR)) {
        descriptor =
            Stream.concat(name.equals("ofVoid") ? Stream.of("void") : Stream.of(), layouts.stream())
                .toList();
        layouts.clear();
      } else if (owner.equals(LINKER + "$Option")) {
        switch (name) {
          case "captureCallState" -> options.put(name, true);
          case "firstVariadicArg" -> options.put(name, number);
          case "critical" -> options.put(name, Map.of("allowHeapAccess", number.equals(1)));
          default -> {}
        }
      } else if (owner.equals(LINKER) && name.equals("downcallHandle")) {
        if (descriptor.isEmpty()) {
          throw new AssertionError(
              "the shape linked in " + type.thisClass().asInternalName() + " cannot be read");
        }
        shapes.add(
            new LinkedShape(
                descriptor.getFirst(),
                descriptor.subList(1, descriptor.size()),
                new TreeMap<>(options)));
        options.clear();
        descriptor = List.of();
      } else if (owner.equals(LINKER) && name.equals("upcallStub")) {
        throw new AssertionError(
            type.thisClass().asInternalName() + " makes an upcall: native-image must be told");
      }
    }
  }
}
