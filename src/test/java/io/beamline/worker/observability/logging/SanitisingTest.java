package io.beamline.worker.observability.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SanitisingTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password",
        "PASSWORD",
        "userPassword",
        "db.password.old",
        "api_key",
        "apiKey",
        "API-KEY",
        "x-api-key",
        "apikey",
        "client_secret",
        "Token",
        "accessTokens",
        "Authorization",
        "proxy-authorization",
        "credit_card",
        "creditCardNumber",
        "ssn",
        "user_ssn",
        "email",
        "e.mail.email",
        "phone",
        "telephone"
      })
  void knowsTheNamesOfSecrets(String name) {
    assertThat(SecretNames.contains(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "pass", "api", "api__key", "key", "step_id", "session", "s-s-n", "authored"})
  void leavesOtherNamesAlone(String name) {
    assertThat(SecretNames.contains(name)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nats://user:pass@host:4222 | nats://host:4222",
        "at nats://token@host, tls://a:b@c | at nats://host, tls://c",
        "nats://a:b@h1,nats://c:d@h2 | nats://h1,nats://h2",
        "http://host/path?to=a@b | http://host/path?to=a@b",
        "http://host:80/a@b | http://host:80/a@b",
        "http://[::1]:80/a@b | http://[::1]:80/a@b",
        "http://u:p@ss@host/ | http://host/",
        "http://u:p/w#d@host/x | http://host/x",
        "mail a@b.c | mail a@b.c",
        ":// | ://",
        "x://@ | x://",
        "x://a:b@ | x://",
        "http://h:80/x,http://u:p/w@h2 | http://h:80/x,http://h2",
        "http://u:p/a@h1,x://y 1://u:p/b | http://h1,x://y 1://u:p/b"
      })
  void cutsUserInfo(String text, String expected) {
    assertThat(UserInfo.cut(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"://", "://a", "x://a:b/", "x://a:b/c@", "x://a:b@", "x://a b:c/@"})
  void isSoonDoneWithWhateverComes(String part) {
    String text = part.repeat(1_000_000 / part.length());
    assertTimeoutPreemptively(Duration.ofSeconds(5), () -> UserInfo.cut(text));
  }

  @Test
  void escapesWhateverCouldBreakALine() {
    assertThat(json("a\"b\\c\r\n\t\0\u001b[31m\u007f\u0085\u2028\u2029"))
        .isEqualTo("\"a\\\"b\\\\c\\r\\n\\t\\u0000\\u001b[31m\\u007f\\u0085\\u2028\\u2029\"");
    assertThat(json("zażółć 🚀")).isEqualTo("\"zażółć 🚀\"");
    assertThat(json("\ud83d x \ude80")).isEqualTo("\"\\ufffd x \\ufffd\"");
  }

  @Test
  void cutsEndlessText() {
    assertThat(json("x".repeat(20_000))).hasSizeLessThan(16_500).endsWith("... (3616 more)\"");
  }

  @Test
  void writesMicroseconds() {
    Timestamps timestamps = new Timestamps();
    assertThat(timestamps.format(Instant.parse("2026-11-23T15:04:05.000123999Z")))
        .isEqualTo("2026-11-23T15:04:05.000123Z");
    assertThat(timestamps.format(Instant.parse("2026-11-23T15:04:05Z")))
        .isEqualTo("2026-11-23T15:04:05.000000Z");
    assertThat(timestamps.format(Instant.EPOCH)).isEqualTo("1970-01-01T00:00:00.000000Z");
  }

  private static String json(String text) {
    StringBuilder out = new StringBuilder();
    JsonText.append(out, text);
    return out.toString();
  }
}
