package io.beamline.worker.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | {}",
        "percentage=25 | {percentage=25}",
        "25% | {percentage=25}",
        "' 0.5 % ' | {percentage=0.5}",
        "percentage = 25 , a=b=c | {percentage=25, a=b=c}",
        "tenants=acme, globex | '{tenants=acme,globex}'",
        "a=1,b=x,y,c=2 | '{a=1, b=x,y, c=2}'",
      })
  void readsNamesWithTheirValues(String text, String parameters) {
    assertThat(ParameterText.read(text)).hasToString(parameters);
  }

  @ParameterizedTest
  @ValueSource(strings = {"acme", "=x", ",", "a=1,a=2", "acme,a=1"})
  void refusesAMissingNameAndOneThatComesTwice(String text) {
    assertThatThrownBy(() -> ParameterText.read(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
