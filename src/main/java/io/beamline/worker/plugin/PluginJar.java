package io.beamline.worker.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * A jar in the folder of plug-ins. Immutable.
 *
 * @param file the jar
 * @param version the {@code Implementation-Version} of its manifest; null if it has none
 * @param configurations the classes that its imports file names; empty for a library
 * @param bringsDriver whether it has a driver of a database
 */
record PluginJar(
    Path file, @Nullable String version, List<String> configurations, boolean bringsDriver) {

  /** The file that makes a jar a plug-in: it names its classes of auto-configuration. */
  static final String IMPORTS =
      "META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports";

  private static final String DRIVERS = "META-INF/services/java.sql.Driver";

  /**
   * Reads a jar.
   *
   * @throws PluginException if it cannot be read
   */
  static PluginJar read(Path file) {
    try (JarFile jar = new JarFile(file.toFile())) {
      return new PluginJar(
          file, version(jar.getManifest()), configurations(jar), jar.getEntry(DRIVERS) != null);
    } catch (IOException e) {
      throw new PluginException(
          file.getFileName().toString(), "it cannot be read as a jar (" + e.getMessage() + ")");
    }
  }

  /** Returns the name of the file. */
  String name() {
    return file.getFileName().toString();
  }

  /** Returns whether it has blocks, or may have some; else it is a library or a driver. */
  boolean isPlugin() {
    return !configurations.isEmpty();
  }

  /** Returns the address of the jar, as the code source of its classes has it. */
  URL url() {
    try {
      return file.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static @Nullable String version(@Nullable Manifest manifest) {
    return manifest == null
        ? null
        : manifest.getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION);
  }

  private static List<String> configurations(JarFile jar) throws IOException {
    ZipEntry imports = jar.getEntry(IMPORTS);
    if (imports == null) {
      return List.of();
    }
    try (InputStream in = jar.getInputStream(imports)) {
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .map(line -> line.replaceAll("#.*", "").strip())
          .filter(line -> !line.isEmpty())
          .toList();
    }
  }
}
