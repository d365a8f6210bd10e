package io.beamline.worker.block.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DnsLookupTest {

  @Test
  void findsWhatTheHostsFileAndTheTextOfAnAddressSay() throws Exception {
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try (DnsLookup names = new DnsLookup()) {
      assertThat(names.lookup("localhost", loops.next()).get(5, TimeUnit.SECONDS))
          .isNotEmpty()
          .allMatch(InetAddress::isLoopbackAddress);
      assertThat(names.lookup("192.0.2.1", loops.next()).get(5, TimeUnit.SECONDS))
          .containsExactly(InetAddress.getByName("192.0.2.1"));
    } finally {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(5, TimeUnit.SECONDS);
    }
  }
}
