package io.beamline.worker.block.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.support.FreePort;
import io.beamline.worker.timeout.TimeSource;
import io.netty.handler.ssl.SslContextBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.test.util.ReflectionTestUtils;

class HttpTransportTest {

  @Test
  void forgetsHostsThatItHasNoConnectionTo() throws Exception {
    int closed = FreePort.find();
    HttpTransport transport =
        new HttpTransport(
            HttpFixture.LOOPBACK,
            HttpFixture.NO_RULES,
            SslContextBuilder.forClient().build(),
            null,
            TimeSource.system(),
            Duration.ofSeconds(2));
    try (transport) {
      for (int host = 0; host < 20; host++) {
        String url = "http://host-" + host + ".example:" + closed;
        assertThatException()
            .isThrownBy(
                () -> transport.client().get().uri(url).retrieve().toBodilessEntity().block());
      }
      assertThat(hosts(transport)).isNotEmpty();

      await().atMost(Duration.ofSeconds(20)).until(() -> hosts(transport).isEmpty());
    }
  }

  /** The client does not tell how many pools it keeps. */
  private static Map<?, ?> hosts(HttpTransport transport) {
    Object connections =
        Objects.requireNonNull(ReflectionTestUtils.getField(transport, "connections"));
    return (Map<?, ?>)
        Objects.requireNonNull(ReflectionTestUtils.getField(connections, "channelPools"));
  }
}
