package io.beamline.worker.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The documents' tables are of the rows that the harness measures. */
class PublishedTableTest {

  @ParameterizedTest
  @EnumSource(
      value = Form.class,
      names = {"FULL", "LONG"})
  void hasEachRowWithItsTarget(Form form) throws IOException {
    List<List<String>> rows =
        form.rows().stream()
            .map(row -> List.of(row.figure(), row.against(), row.target().toString()))
            .toList();

    assertThat(PublishedTable.of(form).rows())
        .as("write the table anew with ./mvnw verify -P%s -Dbench.publish", form.profile())
        .isEqualTo(rows);
  }
}
