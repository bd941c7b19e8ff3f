package io.triad.loop;

import io.triad.loop.childvm.ProveScheduler;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Started in a virtual machine of its own by {@link SchedulerAccessTest}. Provokes exceptions
 * inside JNI, which no later code may see: a file that is no class file, then the same class again
 * and again. Interpreted code raises such an exception, compiled code mostly lets it be cleared: it
 * goes on until the latter has happened often, or for as long as is reasonable.
 */
public final class RefusedDefinitions {

  private static final String NO_CLASS = "java.lang.TriadNoClass";
  private static final String CLASS = "java.lang.TriadScheduler1";
  private static final int ENOUGH_CLEARED = 100;
  private static final int MOST_ATTEMPTS = 2_000;

  private RefusedDefinitions() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws Exception {
    define(NO_CLASS, "no class".getBytes(StandardCharsets.UTF_8));
    System.out.println("what is no class is defined: " + isDefined(NO_CLASS));
    byte[] bytes;
    try (InputStream in = SchedulerAccess.class.getResourceAsStream("TriadScheduler1.class.bin")) {
      bytes = in.readAllBytes();
    }
    int cleared = 0;
    for (int i = 0; i < MOST_ATTEMPTS && cleared < ENOUGH_CLEARED; i++) {
      if (define(CLASS, bytes)) {
        cleared++;
      }
    }
    System.out.println("the class is defined: " + isDefined(CLASS));
    Thread.currentThread().interrupt();
    define(CLASS, bytes);
    System.out.println("the interrupt is kept: " + Thread.interrupted());
    ProveScheduler.main(arguments);
  }

  /** Returns false if the refusal was raised, with the right exception. */
  private static boolean define(String name, byte[] bytes) {
    try {
      JniDefineClass.define(name, bytes);
      return true;
    } catch (LinkageError e) {
      if (!e.getMessage().replace('/', '.').contains(name)) {
        throw e;
      }
      return false;
    }
  }

  private static boolean isDefined(String name) {
    try {
      return Class.forName(name, true, null).getClassLoader() == null;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
