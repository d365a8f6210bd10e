package io.beamline.worker.support;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The Java agent of {@link Sabotage}. It is alone in the worker's JVM: no other class of the tests
 * is there.
 */
public final class Saboteur {

  static final String UNCAUGHT = "uncaught";
  static final String END_INTAKE = "end-intake";

  private Saboteur() {}

  /** Called by the worker's JVM. */
  public static void premain(String ignored) {
    Thread.ofPlatform().daemon().name("saboteur").start(Saboteur::watch);
  }

  private static void watch() {
    awaitFile(UNCAUGHT);
    Thread.ofPlatform().daemon().name("doomed").start(Saboteur::fail);
    awaitFile(END_INTAKE);
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("intake"))
        .forEach(Thread::interrupt);
  }

  private static void awaitFile(String name) {
    while (!Files.exists(Path.of(name))) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  private static void fail() {
    throw new AssertionError("on purpose");
  }
}
