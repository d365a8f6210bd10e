package io.beamline.worker;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.fs.FileService;
import io.beamline.worker.config.ConfiguredTypes;
import io.beamline.worker.observability.metrics.StepTypes;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Connects packages that must not depend on each other: the metrics with the blocks they observe.
 */
@Configuration(proxyBeanMethods = false)
class WiringConfiguration {

  @Bean
  StepTypes stepTypes(ObjectProvider<Block> blocks, ConfiguredTypes configured) {
    Stream<String> ofCode = blocks.orderedStream().map(block -> block.type().name());
    return new StepTypes(Stream.concat(ofCode, configured.byName().keySet().stream()).toList());
  }

  @Bean
  SmartInitializingSingleton stuckFileThreads(FileService files, WorkerMetrics metrics) {
    return () -> metrics.watchStuckFileThreads(files::stuckThreads);
  }
}
