package io.beamline.worker.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Measures benches one after the other and publishes what they found. A figure that misses its
 * target is told; when one fails is the form's affair.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BenchCase {

  private final List<Bench> all;
  private final Effort effort;
  private final BenchReport report;

  /** A case that has just these. */
  BenchCase(Effort effort, Bench... all) {
    this.all = List.of(all);
    this.effort = effort;
    this.report = new BenchReport(effort);
  }

  /** All, or with {@code -Dbench.only=echo,http} those whose names begin so. */
  List<Named<Bench>> wanted() {
    List<String> only = List.of(System.getProperty("bench.only", "").split(",", -1));
    return all.stream()
        .filter(bench -> only.stream().anyMatch(bench.name()::startsWith))
        .filter(bench -> !bench.rows(effort.form()).isEmpty())
        .map(bench -> Named.of(bench.name(), bench))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("wanted")
  void isFastEnough(Bench bench) {
    List<Figure> figures = bench.measure(effort);
    report.add(figures);
    assertThat(figures).extracting(Figure::row).isEqualTo(bench.rows(effort.form()));
    assertThat(figures).noneMatch(Figure::fails);
  }

  @AfterAll
  void publish() throws IOException {
    List<Row> rows =
        Arrays.stream(Row.values())
            .filter(
                row ->
                    wanted().stream()
                        .anyMatch(bench -> bench.getPayload().rows(effort.form()).contains(row)))
            .toList();
    report.publish(rows);
  }
}
