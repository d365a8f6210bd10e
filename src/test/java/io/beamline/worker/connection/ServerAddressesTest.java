package io.beamline.worker.connection;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.beamline.worker.config.UnusableSettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks which addresses are accepted and which stop the start. */
class ServerAddressesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nats://127.0.0.1:4222",
        "localhost",
        "host:4223",
        "nats://[::1]:4222",
        "tls://user:pass@nats.example.org",
        "ws://host:80",
        "nats://a:1, nats://b:2",
        "nats://a:1,"
      })
  void takesWhatAClientCanUse(String setting) {
    assertThatNoException().isThrownBy(() -> ServerAddresses.check(setting));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://x                   | http://x",
        "nats://                    | nats://",
        "nats://h:                  | nats://h:",
        "nats://h:0                 | nats://h:0",
        "nats://h:99999             | nats://h:99999",
        "nats://h:abc               | nats://h:abc",
        "a b                        | a b",
        "nats://a,nats://b:99999    | nats://b:99999",
        "nats://a,,b                | ''",
        "nats://u:pass@h:99999      | ...@h:99999",
        "u:pass@h:-1                | ...@h:-1",
        "nats://u:pa,ss@h           | (hidden)",
      })
  void refusesWhatNoClientCanUse(String setting, String shown) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerAddresses.check(setting))
        .isInstanceOf(UnusableSettingException.class)
        .withMessageStartingWith("nats.spring.server is '" + shown + "', but must be one or more")
        .withMessageContaining("from 1 to 65535");
  }

  @Test
  void takesNoAddressForTheDefault() {
    assertThatNoException().isThrownBy(() -> ServerAddresses.check(null));
  }
}
