package io.beamline.worker.block.configured;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockRegistry;
import io.beamline.worker.config.ConfiguredTypes;
import io.beamline.worker.observability.logging.LogThrottle;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Declares the registry of all blocks. */
@Configuration(proxyBeanMethods = false)
class RegistryConfiguration {

  @Bean
  BlockRegistry blockRegistry(List<Block> blocks, ConfiguredTypes types, LogThrottle throttle) {
    return ConfiguredBlocks.registry(blocks, types, throttle);
  }
}
