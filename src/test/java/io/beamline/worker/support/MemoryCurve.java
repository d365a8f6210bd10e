package io.beamline.worker.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * How the memory of another JVM of this machine develops: what lives on its heap after a full
 * collection, and what the system holds for it. Not thread-safe.
 */
public final class MemoryCurve {

  /** How much more than the part before the last part may hold. */
  private static final double FLAT = 1.1;

  private final long pid;
  private final List<Sample> samples = new ArrayList<>();

  /** The curve of a JVM. */
  public MemoryCurve(long pid) {
    this.pid = pid;
  }

  /** Collects all garbage of the JVM and adds a point. */
  public void sample() {
    samples.add(new Sample(liveKb(), residentKb(pid)));
  }

  /** Fails unless the last third of the points is, on average, no higher than the second. */
  public void assertFlat() {
    assertFlat("live heap", Sample::liveKb);
    assertFlat("resident memory", Sample::residentKb);
  }

  @Override
  public String toString() {
    return samples.toString();
  }

  private void assertFlat(String what, ToLongFunction<Sample> value) {
    int third = samples.size() / 3;
    int from = samples.size() - 2 * third;
    double second = mean(samples.subList(from, from + third), value);
    double last = mean(samples.subList(from + third, samples.size()), value);
    assertThat(last).as("%s in kB: %s", what, samples).isLessThanOrEqualTo(second * FLAT);
  }

  private static double mean(List<Sample> part, ToLongFunction<Sample> value) {
    return part.stream().mapToLong(value).average().orElseThrow();
  }

  /** A histogram counts what is left after a collection; its last line is the total. */
  private long liveKb() {
    String histogram = jcmd("GC.class_histogram").strip();
    return Long.parseLong(histogram.substring(histogram.lastIndexOf(' ') + 1)) / 1024;
  }

  /** What the system holds for a process in memory. */
  public static long residentKb(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String jcmd(String command) {
    try {
      Process process =
          new ProcessBuilder(ThisJdk.program("jcmd"), String.valueOf(pid), command)
              .redirectErrorStream(true)
              .start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Sample(long liveKb, long residentKb) {

    @Override
    public String toString() {
      return liveKb + "/" + residentKb;
    }
  }
}
