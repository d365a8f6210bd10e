package io.beamline.worker.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetryabilityTest {

  private static final Retryability TABLE = new Retryability(Set.of(), Set.of());

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void followsTheTableWithoutSettings(ErrorCode code) {
    assertThat(TABLE.isRetryable(StepError.of(code, "It failed"))).isEqualTo(code.retryable());
  }

  @Test
  void takesFurtherCodesAndStatusesFromSettings() {
    Retryability more = new Retryability(Set.of(ErrorCode.INTERNAL_ERROR), Set.of(404));

    assertThat(more.isRetryable(StepError.of(ErrorCode.INTERNAL_ERROR, "It failed"))).isTrue();
    assertThat(more.isRetryable(StepError.of(ErrorCode.EXECUTION_FAILED, "It failed"))).isFalse();
    assertThat(more.isRetryable(http(404))).isTrue();
    assertThat(more.isRetryable(http(403))).isFalse();
  }

  private static StepError http(int status) {
    return new StepError(
        ErrorCode.HTTP_ERROR,
        ErrorCode.HTTP_ERROR.type(),
        "The server refused",
        false,
        Map.of("status_code", status));
  }
}
