package io.beamline.worker;

import io.beamline.worker.block.Block;
import io.beamline.worker.observability.StepTypes;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tells rooms that do not know each other what they need of each other. */
@Configuration(proxyBeanMethods = false)
class WiringConfiguration {

  @Bean
  StepTypes stepTypes(ObjectProvider<Block> blocks) {
    return new StepTypes(blocks.orderedStream().map(block -> block.type().name()).toList());
  }
}
