package io.beamline.worker.block.http;

import static io.beamline.worker.contract.ErrorCode.HTTP_ERROR;
import static io.beamline.worker.contract.ErrorCode.PERMISSION_DENIED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class DestinationGuardTest {

  private final MisbehavingHttpServer server =
      MisbehavingHttpServer.start().always(Misbehaviour.answer(200, "in"));

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  @Test
  void aNameThatLeadsToADeniedAddressIsRefused() {
    List<String> asked = new CopyOnWriteArrayList<>();
    NameLookup names =
        (host, loop) -> {
          asked.add(host);
          return found("169.254.169.254");
        };
    try (HttpFixture http = HttpFixture.with(names, HttpFixture.NO_RULES)) {
      assertRefused(http, "http://harmless.example/", "harmless.example");
      assertThat(asked).containsExactly("harmless.example");
    }
  }

  @Test
  void theAddressThatWasCheckedIsTheOneConnectedTo() throws Exception {
    ConcurrentLinkedQueue<String> answers =
        new ConcurrentLinkedQueue<>(List.of("127.0.0.1", "169.254.169.254"));
    NameLookup rebinding = (host, loop) -> found(answers.remove());
    try (HttpFixture http = HttpFixture.with(rebinding, HttpFixture.NO_RULES)) {
      String url = "http://rebind.example:" + server.port() + "/";

      assertThat(http.outputs("{\"url\": \"" + url + "\"}")).containsEntry("body", "in");
      assertThat(answers).as("the second answer was never asked for").hasSize(1);
      assertThat(server.requests().getFirst().header("Host"))
          .isEqualTo("rebind.example:" + server.port());
    }
  }

  @Test
  void aRealNameServerThatChangesItsMindIsNotFollowed() throws Exception {
    String denied = "169.254.169.254";
    try (FickleNameServer fickle = new FickleNameServer("127.0.0.1", denied, denied, denied);
        DnsLookup names =
            new DnsLookup(new SingletonDnsServerAddressStreamProvider(fickle.address()));
        HttpFixture http = HttpFixture.with(names, HttpFixture.NO_RULES)) {
      String url = "http://rebind.example:" + server.port() + "/";

      assertThat(http.outputs("{\"url\": \"" + url + "\"}")).containsEntry("body", "in");
      server.closeConnections();
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertRefused(http, url, "rebind.example"));
      assertThat(fickle.asked()).isGreaterThan(1);
      assertThat(server.accepted()).isEqualTo(1);
    }
  }

  /** It leads where it led when it was checked, whatever the name says meanwhile. */
  @Test
  void aConnectionThatIsKeptStaysWithTheAddressThatWasChecked() throws Exception {
    String denied = "169.254.169.254";
    ConcurrentLinkedQueue<String> answers = new ConcurrentLinkedQueue<>(List.of("127.0.0.1"));
    NameLookup names = (host, loop) -> found(Objects.requireNonNullElse(answers.poll(), denied));
    try (HttpFixture http = HttpFixture.with(names, HttpFixture.NO_RULES)) {
      String payload = "{\"url\": \"http://rebind.example:" + server.port() + "/\"}";
      http.outputs(payload);

      await("the connection is given back")
          .atMost(Duration.ofSeconds(10))
          .ignoreExceptionsInstanceOf(StepFailure.class)
          .until(() -> http.outputs(payload).containsKey("body"));
      assertThat(server.accepted()).isEqualTo(1);
    }
  }

  @Test
  void aRedirectIsNotFollowed() {
    server.always(
        Misbehaviour.answer(302, "", "Location: http://169.254.169.254/latest/meta-data"));
    try (HttpFixture http = HttpFixture.plain()) {
      StepError error = http.failure(server.url("/")).error();

      assertThat(error.code()).isEqualTo(HTTP_ERROR);
      assertThat(error.details()).containsEntry("status_code", 302);
      assertThat(error.toString()).doesNotContain("169.254");
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void ofSeveralAddressesOnlyThePermittedAreTried() throws Exception {
    NameLookup names = (host, loop) -> found("169.254.169.254", "127.0.0.1");
    try (HttpFixture http = HttpFixture.with(names, HttpFixture.NO_RULES)) {
      assertThat(http.outputs("{\"url\": \"" + server.url("/") + "\"}"))
          .containsEntry("body", "in");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest",
        "http://[::ffff:169.254.169.254]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[fe80::1%25lo]/",
        "http://[FE80::A]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://[2002:a9fe:a9fe::]/",
        "http://[0:0:0:0:0:ffff:169.254.169.254]/",
        "HTTP://169.254.169.254/",
        "https://169.254.169.254/",
        "http://[fd00:ec2::254]/",
        "http://100.100.100.200/",
        "http://metadata.google.internal/",
        "http://METADATA.google.internal./",
      })
  void addressesThatTheUrlSpellsOutAreCheckedToo(String url) {
    try (HttpFixture http = HttpFixture.plain()) {
      StepError error = http.failure(url).error();

      assertThat(error.code()).isEqualTo(PERMISSION_DENIED);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST.",
        "127.0.0.1",
        "127.0.0.2",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::ffff:0:0]",
        "[64:ff9b::7f00:1]",
        "[::1%25lo]"
      })
  void theWorkersOwnPortsAreRefused(String host) {
    DestinationRules own =
        HttpFixture.rules(List.of(), List.of(), Set.of(server.port()), List.of());
    try (HttpFixture http = HttpFixture.with(HttpFixture.LOOPBACK, own)) {
      assertThat(http.failure("http://" + host + ":" + server.port() + "/").error().code())
          .isEqualTo(PERMISSION_DENIED);
      assertThat(server.accepted()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "0.0.0.0",
        "[::]",
        "[::1]",
        "[::ffff:0.0.0.0]",
        "[::ffff:0:0]",
        "[0:0:0:0:0:0:0:0]",
        "unspecified.example",
        "unspecified-six.example"
      })
  void aDeniedLoopbackIsRefusedInEveryForm(String host) {
    DestinationRules rules =
        HttpFixture.rules(List.of(), List.of("127.0.0.0/8", "::1"), Set.of(), List.of());
    NameLookup names = (name, loop) -> found(name.equals("unspecified.example") ? "0.0.0.0" : "::");
    try (HttpFixture http = HttpFixture.with(names, rules)) {
      assertThat(http.failure("http://" + host + ":" + server.port() + "/").error().code())
          .isEqualTo(PERMISSION_DENIED);
      assertThat(server.accepted()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nats.example", "alias.example", "127.0.0.1", "0.0.0.0", "[::]"})
  void theWorkersNatsIsRefusedByAnyName(String host) {
    List<HostAndPort> nats = List.of(new HostAndPort("nats.example", server.port()));
    DestinationRules rules = HttpFixture.rules(List.of(), List.of(), Set.of(), nats);
    try (HttpFixture http = HttpFixture.with(HttpFixture.LOOPBACK, rules)) {
      assertThat(http.failure("http://" + host + ":" + server.port() + "/").error().code())
          .isEqualTo(PERMISSION_DENIED);
      assertThat(server.accepted()).isZero();
    }
  }

  @Test
  void thePortOfANatsThatCannotBeFoundIsRefused() {
    List<HostAndPort> nats = List.of(new HostAndPort("nats.example", server.port()));
    NameLookup names =
        (host, loop) ->
            host.equals("nats.example")
                ? CompletableFuture.failedFuture(new UnknownHostException(host))
                : found("127.0.0.1");
    DestinationRules rules = HttpFixture.rules(List.of(), List.of(), Set.of(), nats);
    try (HttpFixture http = HttpFixture.with(names, rules)) {
      assertRefused(http, server.url("/"), "localhost");
    }
  }

  @Test
  void onlyAllowedHostsAreReached() throws Exception {
    DestinationRules rules =
        HttpFixture.rules(List.of("127.0.0.0/8"), List.of(), Set.of(), List.of());
    NameLookup names = (host, loop) -> found(host.equals("localhost") ? "127.0.0.1" : "192.0.2.1");
    try (HttpFixture http = HttpFixture.with(names, rules)) {
      assertThat(http.outputs("{\"url\": \"" + server.url("/") + "\"}"))
          .containsEntry("body", "in");
      assertRefused(http, "http://other.example/", "other.example");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"my_service", "My_Service.", "b\u00fccher.test", "xn--bcher-kva.test"})
  void rulesKnowHostsThatDnsKnowsAndUrlsDoNot(String host) throws Exception {
    List<String> named = List.of("my_service", "b\u00fccher.test");
    String url = "http://" + host + ":" + server.port() + "/";
    DestinationRules allowed = HttpFixture.rules(named, List.of(), Set.of(), List.of());
    DestinationRules denied = HttpFixture.rules(List.of(), named, Set.of(), List.of());
    try (HttpFixture http = HttpFixture.with(HttpFixture.LOOPBACK, allowed)) {
      assertThat(http.outputs("{\"url\": \"" + url + "\"}")).containsEntry("body", "in");
      assertThat(http.failure(server.url("/")).error().code()).isEqualTo(PERMISSION_DENIED);
    }
    try (HttpFixture http = HttpFixture.with(HttpFixture.LOOPBACK, denied)) {
      assertThat(http.failure(url).error().code()).isEqualTo(PERMISSION_DENIED);
    }
  }

  private static void assertRefused(HttpFixture http, String url, String host) {
    StepError error = http.failure(url).error();

    assertThat(error.code()).isEqualTo(PERMISSION_DENIED);
    assertThat(error.message()).isEqualTo("The destination is not allowed");
    assertThat(error.retryable()).isFalse();
    assertThat(error.details().toString()).isEqualTo("{host=" + host + "}");
  }

  private static CompletableFuture<List<InetAddress>> found(String... addresses) {
    List<InetAddress> found = new ArrayList<>();
    for (String address : addresses) {
      try {
        found.add(InetAddress.getByName(address));
      } catch (UnknownHostException e) {
        return CompletableFuture.failedFuture(e);
      }
    }
    return CompletableFuture.completedFuture(found);
  }
}
