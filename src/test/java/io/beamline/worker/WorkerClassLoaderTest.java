package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the worker's loader takes the place of another one, and when that one stays. */
class WorkerClassLoaderTest {

  private static final String CLASSES = "BOOT-INF/classes/";
  private static final String LIBRARY = "BOOT-INF/lib/a.jar";

  @TempDir private Path folder;

  @Test
  void takesThePlaceOfALoaderOfAJarWithJarsInside() throws IOException {
    Path jar = jar(ZipEntry.STORED);

    assertThat(insteadOf(nested(jar, CLASSES), nested(jar, LIBRARY)))
        .isInstanceOf(WorkerClassLoader.class);
  }

  @Test
  void leavesALoaderThatIsNotOfUrls() {
    assertThat(WorkerClassLoader.insteadOf(ClassLoader.getSystemClassLoader())).isNull();
  }

  @Test
  void leavesALoaderOfNothingOrOfFolders() throws IOException {
    assertThat(insteadOf()).isNull();
    assertThat(insteadOf(folder.toUri().toURL())).isNull();
    Path jar = jar(ZipEntry.STORED);
    assertThat(insteadOf(nested(jar, CLASSES), jar.toUri().toURL())).isNull();
  }

  @Test
  void leavesALoaderOfTwoJars() throws IOException {
    Path jar = jar(ZipEntry.STORED);
    Path other = Files.copy(jar, folder.resolve("other.jar"));

    assertThat(insteadOf(nested(jar, CLASSES), nested(other, LIBRARY))).isNull();
  }

  @Test
  void leavesALoaderOfAJarThatItCannotRead() throws IOException {
    assertThat(insteadOf(nested(folder.resolve("none.jar"), LIBRARY))).isNull();
    Path broken = Files.write(folder.resolve("broken.jar"), new byte[100]);
    assertThat(insteadOf(nested(broken, LIBRARY))).isNull();
    assertThat(insteadOf(nested(jar(ZipEntry.STORED), "BOOT-INF/lib/b.jar"))).isNull();
    assertThat(insteadOf(nested(jar(ZipEntry.DEFLATED), LIBRARY))).isNull();
  }

  private static @Nullable ClassLoader insteadOf(URL... urls) throws IOException {
    try (URLClassLoader other = new URLClassLoader(urls)) {
      return WorkerClassLoader.insteadOf(other);
    }
  }

  /** The address that Spring Boot's loader gives to what is in a jar. */
  private static URL nested(Path jar, String inside) throws IOException {
    return URL.of(
        URI.create("jar:nested:" + jar.toUri().getRawPath() + "/!" + inside + "!/"),
        new ClosedHandler());
  }

  private Path jar(int method) throws IOException {
    Path inner = folder.resolve("a.jar");
    write(inner, ZipEntry.DEFLATED, List.of("org/example/A.class"), new byte[1]);
    Path jar = folder.resolve("worker-" + method + ".jar");
    write(jar, method, List.of(CLASSES + "B.class", LIBRARY), Files.readAllBytes(inner));
    return jar;
  }

  private static void write(Path jar, int method, List<String> names, byte[] content)
      throws IOException {
    CRC32 sum = new CRC32();
    sum.update(content);
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(file)) {
      for (String name : names) {
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(method);
        entry.setSize(content.length);
        entry.setCrc(sum.getValue());
        entries.putNextEntry(entry);
        entries.write(content);
        entries.closeEntry();
      }
    }
  }

  /** For addresses that nobody opens. */
  private static final class ClosedHandler extends URLStreamHandler {

    @Override
    protected URLConnection openConnection(URL url) throws IOException {
      throw new IOException("Nobody opens " + url);
    }
  }
}
