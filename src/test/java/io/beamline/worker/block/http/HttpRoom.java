package io.beamline.worker.block.http;

import io.beamline.worker.block.ResultLimit;
import io.beamline.worker.config.HttpBlockProperties;
import io.beamline.worker.config.TlsBundles;
import io.beamline.worker.observability.tracing.ClientSpans;
import io.beamline.worker.timeout.TimeSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Import;

/** The room of HTTP steps, wired as in the worker. */
@EnableConfigurationProperties(HttpBlockProperties.class)
@Import(HttpBlockConfiguration.class)
class HttpRoom {

  /** Runs a context with the room and what it needs of others. */
  static ApplicationContextRunner context() {
    return new ApplicationContextRunner()
        .withBean(TimeSource.class, TimeSource::system)
        .withBean(ResultLimit.class, () -> () -> 1 << 20)
        .withBean(ClientSpans.class, () -> ClientSpans.OFF)
        .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
        .withBean(TlsBundles.class)
        .withUserConfiguration(HttpRoom.class);
  }
}
