package io.beamline.worker.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The documents' tables are of the rows that the harness measures. */
class PublishedTableTest {

  @ParameterizedTest
  @EnumSource(
      value = Form.class,
      names = {"FULL", "LONG", "SIZES"})
  void hasEachRowWithItsTarget(Form form) throws IOException {
    List<List<String>> rows =
        form.rows().stream()
            .map(row -> List.of(row.figure(), row.against(), row.target().toString()))
            .toList();

    assertThat(PublishedTable.of(form).rows())
        .as("write the table anew with ./mvnw verify -P%s -Dbench.publish", form.profile())
        .isEqualTo(rows);
  }

  @Test
  void holdsWhatWasMeasuredAgainstTheTargetOfToday() {
    String line =
        "| echo, flags off | floor | 0.83 (0.69 to 0.93) | ≥ 0.10 | yes | 2 (1 to 3) | 4 (3 to 5) |"
            + " steps/s |";

    assertThat(PublishedTable.renewed(Row.ECHO_OFF, PublishedTable.cells(line)))
        .isEqualTo(line.replace("≥ 0.10 | yes", "≥ 0.90 | NO"));
  }

  /** Time and memory of the same work differ in their units only. */
  @Test
  void keepsEachRowsOwnLine() throws IOException {
    Map<Row, String> lines = PublishedTable.of(Form.FULL).lines(Form.FULL);

    lines.forEach((row, line) -> assertThat(line).endsWith("| " + row.unit() + " |"));
    assertThat(lines.values()).doesNotHaveDuplicates();
  }

  @Test
  void keepsThatARowWasNotMeasured() {
    String line = PublishedTable.unmeasured(Row.ECHO_OFF);

    assertThat(line).contains("| floor | not measured | ≥ 0.90 |");
    assertThat(PublishedTable.renewed(Row.ECHO_OFF, PublishedTable.cells(line))).isEqualTo(line);
  }
}
