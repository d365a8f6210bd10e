package io.beamline.worker.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.Validation;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import tools.jackson.core.JsonParser;

/**
 * Makes plug-ins: compiles sources against what a plug-in may use and nothing else, and packs
 * classes into jars.
 */
public final class PluginJars {

  /** The jar that plug-ins compile against, as it was built. */
  public static final Path API = Path.of("target", "beamline-worker-api.jar").toAbsolutePath();

  /** The jar that tests of plug-ins use, as it was built. */
  public static final Path KIT = Path.of("target", "beamline-worker-test.jar").toAbsolutePath();

  private static final String IMPORTS =
      "META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports";

  private PluginJars() {}

  /** The libraries that a plug-in may use besides the API: the worker has them. */
  public static List<Path> libraries() {
    return Stream.of(
            Validation.class,
            JsonParser.class,
            JsonProperty.class,
            NullMarked.class,
            AutoConfiguration.class,
            Bean.class)
        .map(PluginJars::jarOf)
        .distinct()
        .toList();
  }

  /** The jar, or the folder, that a class is from. */
  public static Path jarOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Compiles all sources below a folder against the API and the libraries. */
  public static void compile(Path sources, Path classes) throws IOException {
    List<Path> all = new ArrayList<>(List.of(API));
    all.addAll(libraries());
    compile(sources, classes, all);
  }

  /** Compiles all sources below a folder, with a class path. */
  public static void compile(Path sources, Path classes, List<Path> classPath) throws IOException {
    Files.createDirectories(classes);
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-proc:none", "--release", "21", "-parameters"));
    arguments.addAll(List.of("-d", classes.toString(), "-cp", join(classPath)));
    try (Stream<Path> files = Files.walk(sources)) {
      files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(arguments::add);
    }
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    if (failed != 0) {
      throw new IllegalStateException("the sources below " + sources + " do not compile");
    }
  }

  /** Writes a source below a folder, where its package wants it. */
  public static void source(Path folder, String className, String code) throws IOException {
    Path file = folder.resolve(className.replace('.', '/') + ".java");
    Files.createDirectories(file.getParent());
    Files.writeString(file, code);
  }

  /** Packs everything below a folder, with a version. */
  public static void pack(Path classes, Path jar, String version) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest(version));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        put(out, classes.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
  }

  /** Packs a configuration of these tests, and the classes nested in it, as a plug-in. */
  public static void pack(Class<?> configuration, Path jar) throws IOException {
    Path root = jarOf(configuration);
    Path folder = root.resolve(configuration.getPackageName().replace('.', '/'));
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest("1.0"));
        DirectoryStream<Path> files =
            Files.newDirectoryStream(folder, configuration.getSimpleName() + "*.class")) {
      put(out, IMPORTS, configuration.getName().getBytes(UTF_8));
      for (Path file : files) {
        put(out, root.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
  }

  /** Writes the file that makes classes a plug-in. */
  public static void imports(Path classes, String text) throws IOException {
    Path file = classes.resolve(IMPORTS);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** Joins a class path. */
  public static String join(List<Path> classPath) {
    return classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  private static Manifest manifest(String version) {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
    return manifest;
  }

  private static void put(JarOutputStream out, String name, byte[] content) throws IOException {
    out.putNextEntry(new JarEntry(name));
    out.write(content);
    out.closeEntry();
  }
}
