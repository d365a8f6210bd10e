package io.beamline.worker.plugin;

import java.net.URL;
import java.net.URLClassLoader;
import java.security.CodeSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loads the classes of all jars in the folder of plug-ins, after those of the worker: what the
 * worker has is never replaced. It lives as long as the worker. Thread-safe.
 */
final class PluginLoader extends URLClassLoader {

  static {
    registerAsParallelCapable();
  }

  private final List<PluginJar> jars;

  /**
   * Creates a loader.
   *
   * @param jars the jars, in the order in which classes are looked for
   * @param worker the loader of the worker's own classes
   */
  PluginLoader(List<PluginJar> jars, ClassLoader worker) {
    super("plugins", jars.stream().map(PluginJar::url).toArray(URL[]::new), worker);
    this.jars = List.copyOf(jars);
  }

  /** Returns the jars that are plug-ins. */
  List<PluginJar> plugins() {
    return jars.stream().filter(PluginJar::isPlugin).toList();
  }

  /**
   * Loads the classes that the plug-ins name.
   *
   * @throws PluginException if one cannot be loaded
   */
  void checkConfigurations() {
    for (PluginJar plugin : plugins()) {
      for (String name : plugin.configurations()) {
        try {
          Class<?> unused = Class.forName(name, false, this);
        } catch (ClassNotFoundException | LinkageError e) {
          throw new PluginException(plugin.name(), StartFaults.describe(e));
        }
      }
    }
  }

  /** Returns the jar that a class is from, or null if it is the worker's. */
  @Nullable PluginJar jarOf(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    return source == null || source.getLocation() == null
        ? null
        : jarAt(source.getLocation().toString());
  }

  /** Returns the jar that has a class, or null if none has. */
  @Nullable PluginJar jarWith(String className) {
    URL found = findResource(className.replace('.', '/') + ".class");
    return found == null ? null : jarAt(found.toString());
  }

  private @Nullable PluginJar jarAt(String address) {
    return jars.stream()
        .filter(jar -> address.contains(jar.url().toString()))
        .findFirst()
        .orElse(null);
  }
}
