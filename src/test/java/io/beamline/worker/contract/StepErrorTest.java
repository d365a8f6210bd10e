package io.beamline.worker.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No message of the worker makes the Router blame the provider by mistake (contract section 1). */
class StepErrorTest {

  @ParameterizedTest
  @EnumSource
  void replacesAMessageThatTheRouterWouldMisread(ErrorCode code) {
    for (String message : new String[] {"failed 5 times", "No Connection", "timeout", "0"}) {
      StepError error = StepError.of(code, message);
      if (code.type().countsAgainstProvider()) {
        assertThat(error.message()).isEqualTo(message);
      } else {
        assertThat(RouterRules.looksLikeProviderFault(error.message())).isFalse();
        assertThat(error.message()).isEqualTo("The step failed with " + code.type().wireName());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void replacesItByAHarmlessOneWhateverTheType(ErrorType type) {
    for (ErrorCode code : ErrorCode.values()) {
      StepError error = new StepError(code, type, "timeout 5", false, Map.of());
      assertThat(
              type.countsAgainstProvider() || !RouterRules.looksLikeProviderFault(error.message()))
          .isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"The path is empty", "", "é"})
  void keepsAnyOtherMessage(String message) {
    assertThat(StepError.of(ErrorCode.INVALID_INPUT, message).message()).isEqualTo(message);
  }

  @Test
  void keepsVaryingValuesInItsDetails() {
    StepError error =
        StepError.of(
            ErrorCode.QUOTA_EXCEEDED, "It is too large", Map.of("size", 5, "of", "timeout"));
    assertThat(error.message()).isEqualTo("It is too large");
    assertThat(error.details()).containsEntry("size", 5).containsEntry("of", "timeout");
  }

  @Test
  void takesItsStatusFromItsTypeNotItsCode() {
    StepError error =
        new StepError(ErrorCode.NETWORK_ERROR, ErrorType.TIMEOUT, "late", true, Map.of());
    assertThat(error.status()).isEqualTo(StepStatus.TIMEOUT);
    assertThat(new StepOutcome.Failure(error).status()).isEqualTo(StepStatus.TIMEOUT);
  }
}
