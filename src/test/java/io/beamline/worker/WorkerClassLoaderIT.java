package io.beamline.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.ThisJdk;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/** The loader of the jar's classes, with the built jar. */
class WorkerClassLoaderIT {

  private static final Path JAR = Path.of("target", "beamline-worker.jar");
  private static final String CLASSES = "BOOT-INF/classes/";

  @Test
  void knowsEachFolderOfEachJarInTheOrderOfTheClassPath() throws IOException {
    List<String> parts = new ArrayList<>(List.of(CLASSES));
    Map<String, Set<Integer>> expected = new TreeMap<>();
    try (JarFile jar = new JarFile(JAR.toFile())) {
      for (JarEntry entry : jar.stream().toList()) {
        if (entry.getName().startsWith(CLASSES)) {
          add(expected, entry.getName().substring(CLASSES.length()), 0);
        } else if (entry.getName().startsWith("BOOT-INF/lib/") && !entry.isDirectory()) {
          parts.add(entry.getName());
          try (ZipInputStream inside = new ZipInputStream(jar.getInputStream(entry))) {
            for (ZipEntry in = inside.getNextEntry(); in != null; in = inside.getNextEntry()) {
              add(expected, in.getName(), parts.size() - 1);
            }
          }
        }
      }
    }
    FolderIndex index = FolderIndex.read(JAR, parts);
    assertThat(expected).hasSizeGreaterThan(1_000);
    assertThat(expected)
        .allSatisfy(
            (folder, numbers) ->
                assertThat(index.partsWith(folder))
                    .as(folder)
                    .containsExactly(numbers.stream().mapToInt(Integer::intValue).toArray()));
    assertThat(index.partsWith("no/such/folder")).isEmpty();
  }

  @Test
  void loadsTheWorkerOfTheJar() throws Exception {
    try (NatsServer nats = NatsServer.start();
        WorkerProcess worker = WorkerProcess.of(nats.url()).fatJar().start()) {
      assertThat(worker.status(worker.uri("/login"))).isEqualTo(200);
      assertThat(worker.status(worker.managementUri("/actuator/prometheus"))).isEqualTo(200);
      assertThat(worker.status(worker.managementUri("/actuator/contract"))).isEqualTo(200);
      assertThat(loadersOf(worker.pid())).contains(WorkerClassLoader.class.getName());
    }
  }

  private static String loadersOf(long pid) throws IOException {
    Process process =
        new ProcessBuilder(ThisJdk.program("jcmd"), String.valueOf(pid), "VM.classloaders")
            .redirectErrorStream(true)
            .start();
    try (InputStream output = process.getInputStream()) {
      return new String(output.readAllBytes(), UTF_8);
    }
  }

  private static void add(Map<String, Set<Integer>> folders, String name, int part) {
    String plain = name.replaceFirst("^META-INF/versions/[^/]+/", "");
    String folder = plain.substring(0, Math.max(0, plain.lastIndexOf('/')));
    folders.computeIfAbsent(folder, key -> new TreeSet<>()).add(part);
  }
}
