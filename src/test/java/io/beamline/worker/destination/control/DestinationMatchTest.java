package io.beamline.worker.destination.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which destinations an override means, and how a name is spelled. */
class DestinationMatchTest {

  @ParameterizedTest
  @CsvSource({
    "api.example.org, https://api.example.org:443, true",
    "api.example.org, https://www.example.org:443, false",
    "*.example.org, http://www.example.org:80, true",
    "api.example.org:8443, https://api.example.org:443, false",
    "api.example.org:8443, https://api.example.org:8443, true",
    "10.0.0.0/8, http://10.1.2.3:80, true",
    "10.0.0.0/8, http://11.1.2.3:80, false",
    "10.0.0.0/8, http://ten.example.org:80, false",
    "2001:db8::/32, 'http://[2001:db8:0:0:0:0:0:1]:80', true",
    "https://API.example.org, https://api.example.org:443, true",
    "https://api.example.org/, http://api.example.org:80, false",
    "/data, /data, true",
    "/data/, /data, true",
    "/data, /data/more, false",
    "sql:orders, sql:orders, true",
    "sql:orders, sql:other, false",
    "data, /data, false",
    "api.example.org, /data, false",
    "nats:beamline.provider.>, nats:beamline.provider.chat.v1, true",
    "nats:beamline.provider.*, nats:beamline.provider.chat.v1, false",
    "nats:a.*.c, nats:a.b.c, true",
    "nats:a.b, nats:a.b, true",
    "nats:>, nats:a, true",
    "nats:>, https://api.example.org:443, false",
    "nats:>, /data, false",
    "nats:8222, http://nats:8222, true",
    "nats:8222, nats:8222, true"
  })
  void matches(String text, String name, boolean expected) {
    Predicate<String> match = Objects.requireNonNull(DestinationMatch.parse(text));
    assertThat(match.test(name)).isEqualTo(expected);
  }

  @Test
  void takesARelativeFolderFromWhereTheWorkerRuns() {
    String data = Path.of("data").toAbsolutePath().toString();
    assertThat(DestinationMatch.name("./data")).isEqualTo(data);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "two words",
        "ftp://api.example.org",
        "https://",
        "http://user@host",
        "*x*",
        "nats:",
        "nats:a..b",
        "nats:a b",
        "nats:a.>.b",
        "sql:",
        "sql:My-db"
      })
  void refusesWhatMeansNothing(String text) {
    assertThat(DestinationMatch.parse(text)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP://LocalHost.:8080/path?secret=1, http://localhost:8080",
    "'http://[2001:db8::1]', 'http://[2001:db8:0:0:0:0:0:1]:80'",
    "'http://[2001:db8:0:0::1]/', 'http://[2001:db8:0:0:0:0:0:1]:80'",
    "'http://[::ffff:10.0.0.1]', http://10.0.0.1:80",
    "/data/../x/, /x",
    "nats:beamline.provider.chat, nats:beamline.provider.chat"
  })
  void hasOneNameForAllSpellings(String text, String name) {
    assertThat(DestinationMatch.name(text)).isEqualTo(name);
  }

  @Test
  void hasNoNameWithControlCharacters() {
    assertThat(DestinationMatch.name("/data\u0007")).isNull();
    assertThat(DestinationMatch.name("http://host\n/")).isNull();
    assertThat(DestinationMatch.name("nats:a\nb")).isNull();
  }

  @Test
  void hasNoNameForAPatternOfSubjects() {
    assertThat(DestinationMatch.name("nats:a.*")).isNull();
    assertThat(DestinationMatch.name("nats:")).isNull();
  }
}
