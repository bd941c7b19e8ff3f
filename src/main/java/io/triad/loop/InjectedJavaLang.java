package io.triad.loop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The second rung of {@link SchedulerAccess}: public classes of ours in {@code java.lang}, beside the
 * package-private members they call.
 */
final class InjectedJavaLang {

  /** The class of {@link SchedulerAccess}. */
  static final String SCHEDULER = "TriadScheduler1";

  /** The class of {@link ScopedBindings}. */
  static final String SCOPED_VALUES = "TriadScopedValues1";

  /** The class of {@link JdkDescriptors}. */
  static final String DESCRIPTORS = "TriadDescriptors1";

  private InjectedJavaLang() {}

  /**
   * Returns an instance of a class, defining it first if no copy of Triad did.
   *
   * @param simpleName its name in {@code java.lang}; the number at the end is the version of what
   *     the class does
   * @throws IllegalCallerException if native access is denied to this module
   * @throws IllegalStateException if the class could not be defined
   * @throws ReflectiveOperationException if the class is not the one that its name promises
   */
  static Object instance(String simpleName) throws ReflectiveOperationException {
    Class<?> type = find(simpleName);
    if (type == null) {
      type = define(simpleName);
    }
    return type.getConstructor().newInstance();
  }

  private static Class<?> define(String simpleName) {
    LinkageError refusal = null;
    try {
      JniDefineClass.define("java.lang." + simpleName, bytes(simpleName));
    } catch (LinkageError e) {
      refusal = e; // No failure if the reason is that another copy of Triad was first.
    }
    Class<?> type = find(simpleName);
    if (type == null) {
      throw new IllegalStateException(
          "the virtual machine refused to define java.lang." + simpleName, refusal);
    }
    return type;
  }

  private static @Nullable Class<?> find(String simpleName) {
    try {
      return Class.forName("java.lang." + simpleName, true, null); // Null: the boot loader.
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  /** The class file, named so that no tool takes it for a class of this package. */
  private static byte[] bytes(String simpleName) {
    String resource = simpleName + ".class.bin";
    try (InputStream in = InjectedJavaLang.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(
            "the resource io/triad/loop/" + resource + " is missing from Triad");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
