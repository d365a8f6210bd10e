package io.beamline.worker.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlagRecordTest {

  @Test
  void isReadAsItWasWritten() {
    FlagRecord some =
        new FlagRecord(true, "tenants", Map.of("the\"tenants", "a\"b, ü"), "admin", "worker-1");
    FlagRecord off = new FlagRecord(false, null, Map.of(), "", "");

    assertThat(FlagRecord.of(some.json())).isEqualTo(some);
    assertThat(FlagRecord.of(off.json())).isEqualTo(off);
  }

  @Test
  void isReadAsAPersonWritesIt() {
    assertThat(FlagRecord.of("{\"enabled\": true}"))
        .isEqualTo(new FlagRecord(true, null, Map.of(), "", ""));
    assertThat(
            FlagRecord.of(
                "{\"enabled\":true,\"strategy\":\"gradual\",\"parameters\":{\"percentage\":2.5},"
                    + "\"later\":[]}"))
        .isEqualTo(new FlagRecord(true, "gradual", Map.of("percentage", "2.5"), "", ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | no JSON object",
        "true | no JSON object",
        "{\"enabled\":true | no JSON object",
        "{\"enabled\":true}{} | no JSON object",
        "{} | enabled is neither",
        "{\"enabled\":\"true\"} | enabled is neither",
        "{\"enabled\":1} | enabled is neither",
        "{\"enabled\":true,\"strategy\":7} | strategy is no string",
        "{\"enabled\":true,\"parameters\":\"x\"} | parameters is no object",
        "{\"enabled\":true,\"parameters\":[]} | no JSON object",
      })
  void saysWhyItCannotBeRead(String text, String reason) {
    assertThatThrownBy(() -> FlagRecord.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }
}
