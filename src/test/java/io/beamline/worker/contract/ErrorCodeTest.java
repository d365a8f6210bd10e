package io.beamline.worker.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of contract section 3. */
class ErrorCodeTest {

  @ParameterizedTest
  @CsvSource({
    "1001, INVALID_INPUT, validation_error, false, error",
    "1002, MISSING_REQUIRED_FIELD, validation_error, false, error",
    "1003, INVALID_FORMAT, validation_error, false, error",
    "2001, EXECUTION_FAILED, execution_error, false, error",
    "2002, RESOURCE_UNAVAILABLE, execution_error, true, error",
    "2003, PERMISSION_DENIED, permission_error, false, error",
    "2004, QUOTA_EXCEEDED, quota_error, false, error",
    "3001, NETWORK_ERROR, connection_error, true, error",
    "3002, CONNECTION_TIMEOUT, timeout, true, timeout",
    "3003, HTTP_ERROR, server_error, false, error",
    "4001, INTERNAL_ERROR, internal_error, false, error",
    "4002, SYSTEM_OVERLOAD, overload_error, true, error",
    "5001, CANCELLED_BY_USER, cancelled, false, cancelled",
    "5002, CANCELLED_BY_TIMEOUT, timeout, false, timeout"
  })
  void isAsInTheContract(
      int number, ErrorCode code, String type, boolean retryable, String status) {
    assertThat(code.number()).isEqualTo(number);
    assertThat(code.type().wireName()).isEqualTo(type);
    assertThat(code.retryable()).isEqualTo(retryable);
    assertThat(StepError.of(code, "It failed").status().wireName()).isEqualTo(status);
  }

  @Test
  void hasNoOtherCodes() {
    assertThat(ErrorCode.values())
        .hasSize(14)
        .extracting(ErrorCode::number)
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void countsAgainstTheProviderWhatTheRoutersBreakerCounts(ErrorType type) {
    assertThat(type.countsAgainstProvider())
        .isEqualTo(
            type.wireName().matches("timeout|connection_error|server_error|provider_unavailable"));
  }
}
