package io.beamline.worker.block.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationRulesTest {

  private static final List<HostAndPort> NATS =
      HostAndPort.natsServers("nats://user:pw@nats.example:4222, tls://127.0.0.1,[fd00::1]:4333");

  private static final DestinationRules DEFAULT =
      HttpFixture.rules(List.of(), List.of(), Set.of(9091, 9092), NATS);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "169.254.0.1",
        "::ffff:169.254.169.254",
        "::169.254.169.254",
        "64:ff9b::169.254.169.254",
        "fe80::1",
        "febf::1",
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",
        "168.63.129.16",
        "192.0.0.192",
        "100.100.100.200",
        "2002:a9fe:a9fe::1",
        "::ffff:0:169.254.169.254",
        "64:ff9b:1::169.254.169.254",
        "2002:6464:64c8::",
        "64:ff9b:1:a9fe:a9:fe00::",
        "64:ff9b:1:a9:fe:a9fe::",
        "64:ff9b:1::a9:fea9:fe00:0",
        "2001:0:a9fe:a9fe::",
        "2001:0:102:304:0:0:5601:5601",
        "2001:db8::5efe:169.254.169.254",
        "2001:db8::200:5efe:169.254.169.254",
      })
  void linkLocalAndMetadataAreAlwaysDenied(String address) {
    assertThat(permits(DEFAULT, "any.example", 80, address)).isFalse();
    DestinationRules all =
        HttpFixture.rules(List.of("*", "0.0.0.0/0", "::/0"), List.of(), Set.of(), List.of());
    assertThat(permits(all, "any.example", 80, address)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "::1",
        "10.0.0.1",
        "192.168.1.1",
        "8.8.8.8",
        "fd00::1",
        "fec0::1",
        "100.100.100.201",
        "2002:0808:0808::1",
        "64:ff9b::8.8.8.8",
        "64:ff9b:2::169.254.169.254",
        "169.253.255.255",
        "0.0.0.0",
        "2001:0:102:304::",
        "2001:db8::5eff:169.254.169.254",
        "64:ff9b:1::8.8.8.8",
      })
  void otherAddressesAreAllowedByDefault(String address) {
    assertThat(permits(DEFAULT, "any.example", 80, address)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 9091, false",
    "127.9.9.9, 9092, false",
    "0.0.0.0, 9091, false",
    "::, 9091, false",
    "::1, 9092, false",
    "::ffff:127.0.0.1, 9091, false",
    "::ffff:0.0.0.0, 9091, false",
    "::127.0.0.1, 9091, false",
    "64:ff9b::127.0.0.1, 9091, false",
    "2002:7f00:1::, 9091, false",
    "64:ff9b:1::127.0.0.1, 9091, false",
    "2001:db8::5efe:7f00:1, 9091, false",
    "2001:0:102:304::80ff:fffe, 9091, false",
    "64:ff9b::0.0.0.0, 9091, false",
    "127.0.0.1, 9093, true",
    "8.8.8.8, 9091, true",
  })
  void theWorkersOwnPortsAreDeniedOnThisMachineOnly(String address, int port, boolean permitted) {
    assertThat(permits(DEFAULT, "any.example", port, address)).isEqualTo(permitted);
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.1.1, 10.1.1.1, false", // NATS resolves to the first, the destination is the second
    "10.1.1.1, ::ffff:10.1.1.1, false",
    "10.1.1.1, 10.1.1.2, true",
    "127.0.0.1, ::1, false",
    "127.0.0.1, 0.0.0.0, false",
    "10.1.1.1, 2002:a01:101::, false",
    "10.1.1.1, 64:ff9b:1::10.1.1.1, false",
    "64:ff9b:1::10.1.1.1, 10.1.1.1, false",
    "0.0.0.0, ::1, false",
    "127.0.0.1, 10.1.1.1, true",
  })
  void theWorkersNatsIsDeniedByAddress(String nats, String address, boolean permitted) {
    assertThat(DEFAULT.permits("any.example", 4222, address(address), List.of(address(nats))))
        .isEqualTo(permitted);
  }

  @Test
  void natsServersAreFoundInTheSetting() {
    assertThat(NATS)
        .containsExactly(
            new HostAndPort("nats.example", 4222),
            new HostAndPort("127.0.0.1", 4222),
            new HostAndPort("fd00::1", 4333));
    assertThat(DEFAULT.natsHosts(4222)).containsExactly("nats.example", "127.0.0.1");
    assertThat(DEFAULT.natsHosts(80)).isEmpty();
    assertThat(HostAndPort.natsServers("")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "metadata.google.internal, 80, true",
    "nats.example, 4222, true",
    "nats.example, 80, false",
    "localhost, 80, false",
  })
  void someNamesAreRefusedBeforeTheyAreLookedUp(String host, int port, boolean refused) {
    assertThat(DEFAULT.refusesName(host, port)).isEqualTo(refused);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "api.example|api.example|80|10.0.0.1|true",
        "API.Example.|api.example|80|10.0.0.1|true",
        "api.example|www.api.example|80|10.0.0.1|false",
        "*.example|api.example|80|10.0.0.1|true",
        "*.example|a.b.example|80|10.0.0.1|true",
        "*.example|example|80|10.0.0.1|false",
        "*.example|badexample|80|10.0.0.1|false",
        "my_service|my_service|80|10.0.0.1|true",
        "my_service:8080|my_service|8080|10.0.0.1|true",
        "*.my_net|a_b.my_net|80|10.0.0.1|true",
        "web.1|web.1|80|10.0.0.1|true",
        "-a|-a|80|10.0.0.1|true",
        "B\u00dcCHER.test|xn--bcher-kva.test|80|10.0.0.1|true",
        "xn--bcher-kva.test|xn--bcher-kva.test|80|10.0.0.1|true",
        "*.b\u00fccher.test.|a.xn--bcher-kva.test|80|10.0.0.1|true",
        "stra\u00dfe.test|strasse.test|80|10.0.0.1|false",
        "*:443|any|443|10.0.0.1|true",
        "*:443|any|80|10.0.0.1|false",
        "api.example:81|api.example|81|10.0.0.1|true",
        "api.example:81|api.example|80|10.0.0.1|false",
        "10.0.0.0/8|any|80|10.255.0.1|true",
        "10.0.0.0/8|any|80|::ffff:10.255.0.1|true",
        "10.0.0.0/8|any|80|11.0.0.1|false",
        "10.0.0.0/9|any|80|10.128.0.1|false",
        "10.0.0.0/8:443|any|80|10.0.0.1|false",
        "10.0.0.1|any|80|10.0.0.1|true",
        "0.0.0.0/0|any|80|9.9.9.9|true",
        "0.0.0.0/0|any|80|2001:db8::1|false",
        "2001:db8::/32|any|80|2001:db8::5|true",
        "2001:db8::5|any|80|2001:db8::5|true",
        "::ffff:10.0.0.1|any|80|10.0.0.1|true",
        "2002::/16|any|80|2002:808:808::1|true",
        "2002::/16|any|80|10.0.0.1|false",
        "[2001:db8::/32]:81|any|81|2001:db8::5|true",
        "[2001:db8::/32]:81|any|80|2001:db8::5|false",
      })
  void aSettingNamesDestinations(
      String setting, String host, int port, String address, boolean covered) {
    DestinationRules allowed = HttpFixture.rules(List.of(setting), List.of(), Set.of(), List.of());
    DestinationRules denied = HttpFixture.rules(List.of(), List.of(setting), Set.of(), List.of());

    assertThat(permits(allowed, host, port, address)).isEqualTo(covered);
    assertThat(permits(denied, host, port, address)).isEqualTo(!covered);
    assertThat(allowed.refusesName(host, port) && covered).isFalse();
    assertThat(denied.refusesName(host, port) && !covered).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.1.2.3",
        "0.0.0.0",
        "::",
        "::1",
        "::ffff:0.0.0.0",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::0.0.0.0",
        "64:ff9b:1::127.0.0.1",
        "2002:7f00:1::1",
        "2001:0:7f00:1::",
        "2001:0:102:304::80ff:fffe",
        "2001:db8::5efe:7f00:1",
      })
  void aDeniedLoopbackIsDeniedInEveryForm(String address) {
    DestinationRules rules =
        HttpFixture.rules(List.of(), List.of("127.0.0.0/8", "::1"), Set.of(), List.of());

    assertThat(permits(rules, "any.example", 80, address)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.8.8.8", "2001:db8::1", "64:ff9b:1::8.8.8.8", "64:ff9b::8.8.8.8"})
  void aDeniedLoopbackDeniesNothingElse(String address) {
    DestinationRules rules =
        HttpFixture.rules(List.of(), List.of("127.0.0.0/8", "::1"), Set.of(), List.of());

    assertThat(permits(rules, "any.example", 80, address)).isTrue();
  }

  @Test
  void theUnspecifiedAddressIsNotAllowedByItsLoopback() {
    DestinationRules rules =
        HttpFixture.rules(List.of("127.0.0.0/8"), List.of(), Set.of(), List.of());

    assertThat(permits(rules, "any.example", 80, "127.0.0.1")).isTrue();
    assertThat(permits(rules, "any.example", 80, "0.0.0.0")).isFalse();
  }

  @Test
  void aTunnelReachesNothingThatIsDeniedAndIsNotAllowedForItsEnd() {
    DestinationRules denied =
        HttpFixture.rules(List.of(), List.of("10.0.0.0/8"), Set.of(), List.of());
    DestinationRules allowed =
        HttpFixture.rules(List.of("10.0.0.0/8"), List.of(), Set.of(), List.of());

    assertThat(permits(denied, "any.example", 80, "2002:a00:1::1")).isFalse();
    assertThat(permits(allowed, "any.example", 80, "2002:a00:1::1")).isFalse();
    assertThat(permits(denied, "any.example", 80, "2002:b00:1::1")).isTrue();
  }

  @Test
  void whatIsDeniedIsNotAllowed() {
    DestinationRules rules =
        HttpFixture.rules(List.of("*.example"), List.of("bad.example"), Set.of(), List.of());

    assertThat(permits(rules, "good.example", 80, "10.0.0.1")).isTrue();
    assertThat(permits(rules, "bad.example", 80, "10.0.0.1")).isFalse();
    assertThat(rules.refusesName("bad.example", 80)).isTrue();
    assertThat(rules.refusesName("other.org", 80)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "http://x",
        "a b",
        "10.0.0.0/33",
        "10.0.0.0/x",
        "::ffff:10.0.0.0/8",
        "64:ff9b::/96",
        "x:0",
        "x:70000",
        "x:+80",
        "127.1",
        "0x7f.1",
        "127.0.0.1.",
        "010.0.0.1",
        "a..b",
        "a%b",
        "*.",
        "**",
        "[::1"
      })
  void aSettingThatNamesNothingStopsTheStart(String setting) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HostPattern.parseAll("worker.x", Stream.of(setting).toList()))
        .withMessageContaining("worker.x")
        .withMessageContaining("'" + setting + "'");
  }

  private static boolean permits(DestinationRules rules, String host, int port, String address) {
    return rules.permits(host, port, address(address), List.of());
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
