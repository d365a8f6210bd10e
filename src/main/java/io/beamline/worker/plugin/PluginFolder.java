package io.beamline.worker.plugin;

import static java.util.stream.Collectors.joining;

import io.beamline.worker.config.UnusableSettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds the jars in {@code worker.plugins.directory}. */
final class PluginFolder {

  /** The name of the setting. */
  static final String SETTING = "worker.plugins.directory";

  private PluginFolder() {}

  /**
   * Returns the jars in the order of their names; none if the folder has none. Other files and
   * folders in it are ignored.
   *
   * @throws UnusableSettingException if the folder cannot be read, or has jars but neither a
   *     plug-in nor a driver
   * @throws PluginException if a jar cannot be read
   */
  static List<PluginJar> jars(String directory) {
    List<PluginJar> jars = files(directory).stream().map(PluginJar::read).toList();
    if (!jars.isEmpty() && jars.stream().noneMatch(jar -> jar.isPlugin() || jar.bringsDriver())) {
      String names = jars.stream().map(PluginJar::name).collect(joining(", "));
      throw new UnusableSettingException(
          SETTING,
          directory,
          "a folder with a plug-in or a database's driver; no jar in it (%s) has the file %s"
              .formatted(names, PluginJar.IMPORTS));
    }
    return jars;
  }

  private static List<Path> files(String directory) {
    try (Stream<Path> files = Files.list(Path.of(directory).toAbsolutePath())) {
      return files.filter(PluginFolder::isJar).sorted().toList();
    } catch (IOException | InvalidPathException e) {
      throw new UnusableSettingException(
          SETTING, directory, "a folder that can be read, or empty for no plug-ins");
    }
  }

  private static boolean isJar(Path file) {
    return file.getFileName().toString().endsWith(".jar");
  }
}
