package io.triad.loop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The second rung of {@link SchedulerAccess}: {@code java.lang.TriadScheduler1}, a public class of
 * ours beside the package-private members it calls.
 */
final class InjectedJavaLang {

  /** The number is the version of what the class does; see its source. */
  private static final String NAME = "java.lang.TriadScheduler1";

  /** The class file, named so that no tool takes it for a class of this package. */
  private static final String RESOURCE = "TriadScheduler1.class.bin";

  private InjectedJavaLang() {}

  /**
   * Returns an instance of the class, defining it first if no copy of Triad did.
   *
   * @throws IllegalCallerException if native access is denied to this module
   * @throws IllegalStateException if the class could not be defined
   * @throws ReflectiveOperationException if the class is not the one that its name promises
   */
  static Object instance() throws ReflectiveOperationException {
    Class<?> type = find();
    if (type == null) {
      type = define();
    }
    return type.getConstructor().newInstance();
  }

  private static Class<?> define() {
    LinkageError refusal = null;
    try {
      JniDefineClass.define(NAME, bytes());
    } catch (LinkageError e) {
      refusal = e; // No failure if the reason is that another copy of Triad was first.
    }
    Class<?> type = find();
    if (type == null) {
      throw new IllegalStateException("the virtual machine refused to define " + NAME, refusal);
    }
    return type;
  }

  private static @Nullable Class<?> find() {
    try {
      return Class.forName(NAME, true, null); // Null: the boot loader.
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  private static byte[] bytes() {
    try (InputStream in = InjectedJavaLang.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(
            "the resource io/triad/loop/" + RESOURCE + " is missing from Triad");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
