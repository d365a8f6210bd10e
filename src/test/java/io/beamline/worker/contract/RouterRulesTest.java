package io.beamline.worker.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the existing Router takes (contract section 1). */
class RouterRulesTest {

  @ParameterizedTest
  @CsvSource({
    "4bf92f3577b34da6a3ce929d0e0e4736, true, false",
    "4BF92F3577B34DA6A3CE929D0E0E4736, true, false",
    "00000000000000000000000000000000, true, false",
    "4bf92f3577b34da6a3ce929d0e0e473, false, false",
    "4bf92f3577b34da6a3ce929d0e0e47360, false, false",
    "4bf92f3577b34da6a3ce929d0e0e473g, false, false",
    "0b0e6f0e-6a1f-4a5e-9d62-2f6f1c2b7a11, true, true",
    "0B0E6F0E-6A1F-4A5E-8D62-2F6F1C2B7A11, true, true",
    "0b0e6f0e-6a1f-4a5e-ad62-2f6f1c2b7a11, true, true",
    "0b0e6f0e-6a1f-4a5e-Bd62-2f6f1c2b7a11, true, true",
    "0b0e6f0e-6a1f-1a5e-9d62-2f6f1c2b7a11, false, false",
    "0b0e6f0e-6a1f-7a5e-9d62-2f6f1c2b7a11, false, false",
    "0b0e6f0e-6a1f-4a5e-7d62-2f6f1c2b7a11, false, false",
    "0b0e6f0e-6a1f-4a5e-cd62-2f6f1c2b7a11, false, false",
    "0b0e6f0e-6a1f-4a5e-9d62-2f6f1c2b7a1, false, false",
    "0b0e6f0e-6a1f-4a5e-9d62-2f6f1c2b7a111, false, false",
    "0b0e6f0e06a1f-4a5e-9d62-2f6f1c2b7a11, false, false",
    "0b0e6f0e-6a1f-4a5e-9d62-2f6f1c2b7-11, false, false",
    "0b0e6f0e-6a1f-4a5e-9d62-2f6f1c2b7a1g, false, false",
    "{0b0e6f0e-6a1f-4a5e-9d62-2f6f1c2b7a11}, false, false",
    "00000000-0000-0000-0000-000000000000, false, false",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV, false, true",
    "7ZZZZZZZZZZZZZZZZZZZZZZZZZ, false, true",
    "00000000000000000000000000, false, true",
    "8ZZZZZZZZZZZZZZZZZZZZZZZZZ, false, false",
    "01ARZ3NDEKTSV4RRFFQ69G5FA, false, false",
    "01ARZ3NDEKTSV4RRFFQ69G5FAVV, false, false",
    "01ARZ3NDEKTSV4RRFFQ69G5FAI, false, false",
    "01ARZ3NDEKTSV4RRFFQ69G5FAL, false, false",
    "01ARZ3NDEKTSV4RRFFQ69G5FAO, false, false",
    "01ARZ3NDEKTSV4RRFFQ69G5FAU, false, false",
    "01arz3ndektsv4rrffq69g5fav, false, false",
    "run-1, false, false",
    "'', false, false",
    "' 4bf92f3577b34da6a3ce929d0e0e4736', false, false"
  })
  void acceptsTheIdsThatTheRouterTakes(String value, boolean traceId, boolean runId) {
    assertThat(RouterRules.isTraceId(value)).isEqualTo(traceId);
    assertThat(RouterRules.isRunId(value)).isEqualTo(runId);
  }

  @Test
  void refusesAbsentValues() {
    assertThat(RouterRules.isTraceId(null)).isFalse();
    assertThat(RouterRules.isRunId(null)).isFalse();
    assertThat(RouterRules.isHeaderValue(null)).isFalse();
  }

  @Test
  void takesNoDigitsButAscii() {
    String arabic = "٤".repeat(32);
    assertThat(RouterRules.isTraceId(arabic)).isFalse();
    assertThat(RouterRules.isTraceId("４".repeat(32))).isFalse();
  }

  @Test
  void takesPrintableHeaderValuesOfUpTo256Characters() {
    assertThat(RouterRules.isHeaderValue(" ~")).isTrue();
    assertThat(RouterRules.isHeaderValue("x".repeat(256))).isTrue();
    assertThat(RouterRules.isHeaderValue("x".repeat(257))).isFalse();
    for (String bad : new String[] {"", "é", "a\r\nb", "\0", "\t", "\u007f", "\uD83D\uDE00"}) {
      assertThat(RouterRules.isHeaderValue(bad)).as(bad).isFalse();
    }
  }

  @Test
  void callsExactlyTheCharactersFromSpaceToTildePrintable() {
    for (int c = 0; c <= Character.MAX_VALUE; c++) {
      assertThat(RouterRules.isPrintableAscii(String.valueOf((char) c)))
          .isEqualTo(c >= 0x20 && c <= 0x7E);
    }
    assertThat(RouterRules.isPrintableAscii("")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "timeout",
        "Timeout",
        "A TIMEOUT came",
        "xtimeoutx",
        "connection",
        "Connection refused",
        "disconnectionS",
        "unavailable",
        "The file is UnAvailable",
        "5",
        "0",
        "status: 503",
        "a9"
      })
  void findsWhatTheRouterReadsAsTheProvidersFault(String message) {
    assertThat(RouterRules.looksLikeProviderFault(message)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "time out", "connect", "Connecting", "available", "It failed", "५"})
  void findsNothingInOtherMessages(String message) {
    assertThat(RouterRules.looksLikeProviderFault(message)).isFalse();
  }
}
