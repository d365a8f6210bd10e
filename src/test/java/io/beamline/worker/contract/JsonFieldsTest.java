package io.beamline.worker.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class JsonFieldsTest {

  @Test
  void readsTheFieldsOfOneObject() {
    assertThat(
            JsonFields.of(new RawJson(" {\"a\": \"b\", \"n\": null, \"o\": [1, 2]} ")).toString())
        .isEqualTo("{a=Text[value=b], o=Raw[json=RawJson[6 characters]]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "\"a\"", "5", "null", "{", "{} {}", "{}]", "{\"a\":1,\"a\":2}"})
  void refusesWhatIsNotOneObject(String text) {
    assertThatExceptionOfType(JacksonException.class)
        .isThrownBy(() -> JsonFields.of(new RawJson(text)));
  }

  @Test
  void readsAnArrayOfStringsAndNothingElse() {
    assertThat(JsonFields.strings(new RawJson("[\"a\", \"\"]"))).containsExactly("a", "");
    assertThat(JsonFields.strings(new RawJson("[]"))).isEmpty();
    assertThat(JsonFields.strings(new RawJson("[\"a\", 5]"))).isNull();
    assertThat(JsonFields.strings(new RawJson("[null]"))).isNull();
    assertThat(JsonFields.strings(new RawJson("{\"a\": \"b\"}"))).isNull();
    assertThat(JsonFields.strings(new RawJson("5"))).isNull();
  }
}
