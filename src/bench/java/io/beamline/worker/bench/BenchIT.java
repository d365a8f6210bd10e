package io.beamline.worker.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How fast the worker is, as ratios to what is measured beside it. A figure that misses its target
 * is told; one that is not half as good as it should be fails.
 */
@Tag("bench")
class BenchIT {

  private static final Effort EFFORT = Effort.wanted();
  private static final BenchReport REPORT = new BenchReport();

  private static final List<Bench> ALL =
      List.of(
          new EchoBench(),
          new HttpBench(),
          new FileBench(4 * 1024, 1500, true),
          new FileBench(512 * 1024, 90, false),
          new LatencyBench(),
          new StartBench(),
          new ScalingBench(),
          new IdleBench());

  /** All, or with {@code -Dbench.only=echo} those whose name begins so. */
  static List<Bench> wanted() {
    String only = System.getProperty("bench.only", "");
    return ALL.stream()
        .filter(bench -> bench.name().startsWith(only) && (bench.main() || !EFFORT.brief()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("wanted")
  void isFastEnough(Bench bench) {
    List<Figure> figures = bench.measure(EFFORT);
    REPORT.add(figures);
    assertThat(figures).isNotEmpty().noneMatch(Figure::isCollapsed);
  }

  @AfterAll
  static void publish() throws IOException {
    REPORT.publish(Path.of("target", "bench.json"), EFFORT);
  }
}
