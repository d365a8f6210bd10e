package com.example.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.kit.BlockRun;
import io.beamline.worker.kit.StepReport;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SummaryBlockTest {

  @Test
  void countsWords() {
    StepReport report = run("{\"text\": \"To be, or not to be\", \"max_words\": 2}");

    assertThat(report.status()).isEqualTo(StepStatus.SUCCESS);
    assertThat(report.outputs())
        .isEqualTo(
            "{\"words\":6,\"most_frequent\":[{\"word\":\"be\",\"count\":2},"
                + "{\"word\":\"to\",\"count\":2}],\"written\":null}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                        | MISSING_REQUIRED_FIELD | text
          {"text": null}                            | MISSING_REQUIRED_FIELD | text
          {"text": " "}                             | INVALID_INPUT          | text
          {"text": 5}                               | INVALID_INPUT          | text
          {"text": "a", "max_words": 0}             | INVALID_INPUT          | max_words
          {"text": "a", "max_words": "2"}           | INVALID_INPUT          | max_words
          {"text": "a", "written": "yesterday"}     | INVALID_FORMAT         | written
          """)
  void refusesWhatItCannotUse(String payload, ErrorCode code, String field) {
    StepReport report = run(payload);

    assertThat(report.code()).isEqualTo(code);
    assertThat(report.field()).isEqualTo(field);
    assertThat(report.attempts()).isEqualTo(1);
  }

  @Test
  void endsWhenItIsCancelled() {
    String text = "many words ".repeat(90_000);

    StepReport report =
        BlockRun.of(new SummaryBlock())
            .payload("{\"text\": \"" + text + "\"}")
            .cancelAfter(Duration.ofMillis(1))
            .run();

    assertThat(report.status()).isIn(StepStatus.CANCELLED, StepStatus.SUCCESS);
  }

  private static StepReport run(String payload) {
    return BlockRun.of(new SummaryBlock()).payload(payload).run();
  }
}
