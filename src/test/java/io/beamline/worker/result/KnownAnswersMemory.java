package io.beamline.worker.result;

import io.beamline.worker.support.FakeTime;
import io.beamline.worker.support.ThisJdk;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Measures the heap that known answers take, in a process of its own: nothing else changes the heap
 * there.
 *
 * @param answers how many are known when the first has been forgotten
 * @param bytes what they take
 */
record KnownAnswersMemory(int answers, long bytes) {

  /** Fills answers with a bound in bytes, each with an output of some characters, and measures. */
  static KnownAnswersMemory measure(long bound, int outputs) throws Exception {
    Process process =
        new ProcessBuilder(
                ThisJdk.java(
                    List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"),
                    KnownAnswersMemory.class,
                    List.of(Long.toString(bound), Integer.toString(outputs))))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String[] printed = read(process).strip().split(" ", -1);
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IllegalStateException("the measuring process failed");
    }
    return new KnownAnswersMemory(Integer.parseInt(printed[0]), Long.parseLong(printed[1]));
  }

  private static String read(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  public static void main(String[] arguments) {
    long bound = Long.parseLong(arguments[0]);
    int outputs = Integer.parseInt(arguments[1]);
    fill(1, outputs); // loads the classes
    long before = usedHeap();
    KnownAnswers known = fill(bound, outputs);
    long taken = usedHeap() - before;
    System.out.println(known.count() + " " + taken);
  }

  /** Fills answers until one is forgotten. */
  private static KnownAnswers fill(long bound, int outputs) {
    KnownAnswers known = new KnownAnswers(bound, new FakeTime());
    int remembered = 0;
    while (known.count() == remembered) {
      String id = "assignment-" + UUID.randomUUID();
      known.remember(id, KnownAnswersTest.answer(id, outputs));
      remembered++;
    }
    return known;
  }

  private static long usedHeap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
