package io.beamline.worker.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
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
          new FileBench(4 * 1024, Row.PUT_SMALL, 2_000, Row.GET_SMALL, 12_000),
          new FileBench(512 * 1024, Row.PUT_LARGE, 80, Row.GET_LARGE, 400),
          new FirstBuildBench(),
          new LatencyBench(),
          new StartBench(),
          new ScalingBench(),
          new HealthyBench(),
          new IdleBench(),
          new JmhBench());

  /** All, or with {@code -Dbench.only=echo,http} those whose names begin so. */
  static List<Named<Bench>> wanted() {
    List<String> only = List.of(System.getProperty("bench.only", "").split(",", -1));
    return ALL.stream()
        .filter(bench -> only.stream().anyMatch(bench.name()::startsWith))
        .filter(bench -> bench.isIn(EFFORT.form()))
        .map(bench -> Named.of(bench.name(), bench))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("wanted")
  void isFastEnough(Bench bench) {
    List<Figure> figures = bench.measure(EFFORT);
    REPORT.add(figures);
    assertThat(figures).extracting(Figure::row).isEqualTo(bench.rows());
    assertThat(figures).noneMatch(Figure::isCollapsed);
  }

  @AfterAll
  static void publish() throws IOException {
    REPORT.publish(Path.of("target", "bench.json"), EFFORT);
  }
}
