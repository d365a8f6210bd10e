package io.beamline.worker.block.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockType;
import io.beamline.worker.block.ContentMemory;
import io.beamline.worker.block.ResultLimit;
import io.beamline.worker.config.FileBlockProperties;
import io.beamline.worker.config.WorkerProperties;
import io.beamline.worker.contract.ResourcePool;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class FileBlockConfigurationTest {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withBean(ContentMemory.class, () -> new ContentMemory(1 << 20))
          .withBean(ResultLimit.class, () -> () -> 1 << 20)
          .withUserConfiguration(Settings.class, FileBlockConfiguration.class);

  @Test
  void offersTheFileBlocks() {
    runner.run(
        context ->
            assertThat(context.getBeansOfType(Block.class).values())
                .extracting(Block::type)
                .containsExactlyInAnyOrder(
                    new BlockType("fs.blob_put", List.of("fs_blob_put"), ResourcePool.IO),
                    new BlockType("fs.blob_get", List.of("fs_blob_get"), ResourcePool.IO),
                    new BlockType("fs.blob_delete", List.of("fs_blob_delete"), ResourcePool.IO)));
  }

  @Test
  void hasTheRootsOfTheContractByDefault() {
    runner.run(
        context ->
            assertThat(context.getBean(PermittedRoots.class).folders())
                .containsExactly(
                    Path.of("data").toAbsolutePath(),
                    Path.of("/tmp/beamline"),
                    Path.of("/var/lib/beamline/data")));
  }

  @EnableConfigurationProperties({FileBlockProperties.class, WorkerProperties.class})
  static class Settings {}
}
