package io.beamline.worker;

import java.lang.reflect.InvocationTargetException;
import java.util.Objects;

/**
 * Where the jar begins. It is compiled for Java 17, the oldest that can open the jar, so that a
 * Java that is too old for the worker gets a sentence instead of an error of the class loader. It
 * replaces the loader of the jar by a faster one.
 */
public final class WorkerLauncher {

  private static final int OLDEST = 21;

  private WorkerLauncher() {}

  /** Starts the worker, or ends with 1 where Java is too old for it. */
  public static void main(String[] args) throws Throwable {
    int version = Runtime.version().feature();
    if (version < OLDEST) {
      System.err.println(
          "beamline-worker: it needs Java "
              + OLDEST
              + " or newer, but this is Java "
              + version
              + " in "
              + System.getProperty("java.home")
              + ". Install a newer one, or start the jar with the program java of one.");
      System.exit(1);
    }
    ClassLoader faster = WorkerClassLoader.insteadOf(WorkerLauncher.class.getClassLoader());
    if (faster == null) {
      WorkerApplication.main(args);
      return;
    }
    Thread.currentThread().setContextClassLoader(faster);
    try {
      Class.forName("io.beamline.worker.WorkerApplication", true, faster)
          .getMethod("main", String[].class)
          .invoke(null, (Object) args);
    } catch (InvocationTargetException e) {
      throw Objects.requireNonNullElse(e.getCause(), e);
    }
  }
}
