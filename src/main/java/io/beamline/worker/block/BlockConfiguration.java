package io.beamline.worker.block;

import io.beamline.worker.timeout.TimeSource;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Declares the simple blocks and the registry of all blocks. */
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

  @Bean
  BlockRegistry blockRegistry(List<Block> blocks) {
    return new BlockRegistry(blocks);
  }
}
