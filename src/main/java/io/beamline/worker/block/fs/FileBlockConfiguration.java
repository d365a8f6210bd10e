package io.beamline.worker.block.fs;

import io.beamline.worker.block.ContentMemory;
import io.beamline.worker.block.ResultLimit;
import io.beamline.worker.config.FileBlockProperties;
import io.beamline.worker.config.UnusableSettingException;
import io.beamline.worker.config.WorkerProperties;
import io.beamline.worker.observability.health.StartCheck;
import io.beamline.worker.timeout.TimeSource;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** Wires the file blocks and their threads. */
@Configuration(proxyBeanMethods = false)
class FileBlockConfiguration {

  @Bean(destroyMethod = "close")
  FileService fileService(FileBlockProperties properties) {
    return new FileService(properties.threads());
  }

  @Bean(initMethod = "warnIfLimited")
  NameEncoding nameEncoding() {
    return NameEncoding.ofThisProcess();
  }

  @Bean
  PermittedRoots permittedRoots(FileBlockProperties properties) {
    return new PermittedRoots(
        properties.roots().stream().map(FileBlockConfiguration::folder).toList());
  }

  private static Path folder(String root) {
    try {
      return Path.of(root);
    } catch (InvalidPathException e) {
      throw new UnusableSettingException(
          "worker.blocks.fs.roots", root, "paths that the locale of the worker can encode");
    }
  }

  @Bean
  @Order(3)
  StartCheck rootCheck(PermittedRoots roots) {
    return new RootCheck(roots);
  }

  @Bean
  LeftoverCleaner leftoverCleaner(PermittedRoots roots, WorkerProperties worker) {
    return new LeftoverCleaner(roots, worker.id(), TimeSource.system());
  }

  @Bean
  FileStore fileStore(
      PermittedRoots roots,
      FileService service,
      FileBlockProperties properties,
      WorkerProperties worker) {
    return new FileStore(
        roots, service, TimeSource.system(), properties.maxSize().toBytes(), worker.id());
  }

  @Bean
  BlobPutBlock blobPutBlock(FileStore files) {
    return new BlobPutBlock(files);
  }

  @Bean
  BlobGetBlock blobGetBlock(FileStore files, ContentMemory memory, ResultLimit resultLimit) {
    return new BlobGetBlock(files, memory, resultLimit);
  }

  @Bean
  BlobDeleteBlock blobDeleteBlock(FileStore files) {
    return new BlobDeleteBlock(files);
  }
}
