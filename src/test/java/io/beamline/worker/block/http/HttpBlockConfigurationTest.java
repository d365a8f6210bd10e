package io.beamline.worker.block.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.block.Block;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class HttpBlockConfigurationTest {

  private final ApplicationContextRunner context = HttpRoom.context();

  @Test
  void theBlockIsABean() {
    context.run(
        worker -> assertThat(worker.getBean(Block.class).type().name()).isEqualTo("http.request"));
  }

  @Test
  void theWorkersPortsAndNatsAreDeniedByDefault() {
    context.run(
        worker -> {
          DestinationRules rules = worker.getBean(DestinationRules.class);
          assertThat(rules.refusesName("127.0.0.1", 4222)).isTrue();
          assertThat(rules.natsHosts(4222)).containsExactly("127.0.0.1");
        });
  }

  @Test
  void portsThatTheSystemChoseAreDeniedToo() {
    context
        .withPropertyValues(
            "server.port=0",
            "management.server.port=0",
            "local.server.port=7001",
            "local.management.port=7002")
        .run(
            worker -> {
              DestinationRules rules = worker.getBean(DestinationRules.class);
              InetAddress here = InetAddress.getLoopbackAddress();
              assertThat(rules.permits("localhost", 7001, here, List.of())).isFalse();
              assertThat(rules.permits("localhost", 7002, here, List.of())).isFalse();
              assertThat(rules.permits("localhost", 9091, here, List.of())).isTrue();
            });
  }

  @Test
  void theSettingsOfPortsAndNatsAreFollowed() {
    context
        .withPropertyValues(
            "nats.spring.server=nats://a.example:5222,nats://b.example:5222",
            "worker.blocks.http.denied-hosts=bad.example,*.worse.example")
        .run(
            worker -> {
              DestinationRules rules = worker.getBean(DestinationRules.class);
              assertThat(rules.natsHosts(5222)).containsExactly("a.example", "b.example");
              assertThat(rules.refusesName("much.worse.example", 80)).isTrue();
            });
  }

  @Test
  void aSettingThatNamesNoHostStopsTheStart() {
    context
        .withPropertyValues("worker.blocks.http.allowed-hosts=http://x")
        .run(
            worker ->
                assertThat(worker)
                    .getFailure()
                    .hasMessageContaining("worker.blocks.http.allowed-hosts is 'http://x'"));
  }

  @Test
  void theThreadsEndWithTheWorker() {
    AtomicReference<HttpTransport> transport = new AtomicReference<>();
    context.run(worker -> transport.set(worker.getBean(HttpTransport.class)));

    assertThat(transport.get().isClosed()).isTrue();
  }
}
