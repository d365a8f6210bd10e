package io.beamline.worker.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a stub in place of the worker: the real one is started by integration tests. */
class WorkerProcessTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  private Path jar;

  @BeforeEach
  void packStub(@TempDir Path folder) throws IOException {
    jar = folder.resolve("stub.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, StubWorker.class.getName());
    String entry = StubWorker.class.getName().replace('.', '/') + ".class";
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      out.putNextEntry(new JarEntry(entry));
      out.write(Files.readAllBytes(Path.of("target", "test-classes", entry)));
    }
  }

  @Test
  void runsUntilItIsAskedToEnd() {
    try (WorkerProcess worker = stub().jvm("-Xmx32m").start()) {
      worker.awaitLog("stub for nats://nowhere", SOON);
      assertThat(worker.stderr()).containsExactly("an error");
      assertThat(worker.get(worker.managementUri("/metrics")).body()).contains("worker_steps");
      assertThat(worker.metric("worker_steps", "type=\"echo\"")).isEqualTo(3.0);
      assertThat(worker.metric("worker_steps")).isEqualTo(5.0);
      assertThat(Files.isSameFile(worker.folder(), Path.of(worker.stdout().getLast()))).isTrue();
      worker.sigterm();
      assertThat(worker.awaitExit(SOON)).isEqualTo(143);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void leavesNothingBehind() {
    WorkerProcess worker = stub().start();
    worker.kill9();
    assertThat(worker.exitCode()).isEqualTo(137);
    assertThat(worker.ready()).isFalse();
    worker.close();
    assertThat(worker.folder()).doesNotExist();
  }

  @Test
  void saysWhyAWorkerDidNotStart() {
    assertThatThrownBy(() -> stub().env("STUB_FAILS", "yes").start())
        .hasMessageContaining("an error");
    assertThatThrownBy(() -> stub().jar(Path.of("none.jar")).launch())
        .hasMessageContaining("run the package phase first");
  }

  private WorkerProcess.Builder stub() {
    return WorkerProcess.of("nats://nowhere").jar(jar);
  }
}
