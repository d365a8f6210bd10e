package io.beamline.worker.block;

import io.beamline.worker.timeout.TimeSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Declares the simple blocks. */
@Configuration(proxyBeanMethods = false)
class BlockConfiguration {

  @Bean
  EchoBlock echoBlock() {
    return new EchoBlock();
  }

  @Bean
  SleepBlock sleepBlock() {
    return new SleepBlock(TimeSource.system());
  }

  @Bean
  ContentMemory contentMemory() {
    return ContentMemory.ofThisProcess();
  }
}
