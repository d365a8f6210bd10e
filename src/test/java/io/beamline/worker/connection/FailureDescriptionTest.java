package io.beamline.worker.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks the sentences about failures, which must not show passwords. */
class FailureDescriptionTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nats://u:p@host:4222              | nats://host:4222",
        "[nats://a:1, tls://u:p@b:2]       | [nats://a:1, tls://b:2]",
        "[nats://u:p@a:1,nats://v:q@b:2]   | [nats://a:1,nats://b:2]",
        "at index 9: nats://u:p^@w/d@a:1   | at index 9: nats://a:1",
        "nats://token@a                    | nats://a",
        "no URL, but me@example.org        | no URL, but me@example.org"
      })
  void leavesOutUserAndPassword(String text, String safe) {
    assertThat(FailureDescription.withoutCredentials(text)).isEqualTo(safe);
  }

  @Test
  void describesAnExceptionWithoutMessage() {
    assertThat(FailureDescription.describe(new IOException())).isEqualTo("IOException");
  }
}
