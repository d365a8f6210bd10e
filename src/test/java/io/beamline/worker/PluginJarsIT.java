package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.beamline.worker.block.Block;
import io.beamline.worker.support.PluginJars;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The jars that authors of plug-ins get: all that they need, and nothing else. */
class PluginJarsIT {

  private static final Path WORKER = Path.of("target", "beamline-worker.jar");

  /** What a plug-in may be asked to have: the worker has all of it. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "java.",
          "org.jspecify.annotations.",
          "tools.jackson.",
          "com.fasterxml.jackson.annotation.",
          "jakarta.validation.");

  @Test
  void theApiRefersOnlyToItselfAndToItsLibraries() throws IOException {
    assertThat(strangersIn(PluginJars.API)).isEmpty();
  }

  @Test
  void theKitRefersOnlyToItselfAndToItsLibraries() throws IOException {
    assertThat(strangersIn(PluginJars.KIT)).isEmpty();
  }

  @Test
  void theApiHasBlocksAndWhatTheyShow() throws IOException {
    assertThat(packagesIn(PluginJars.API))
        .containsExactlyInAnyOrder("block", "contract", "contract/json", "destination", "timeout");
    assertThat(packagesIn(PluginJars.KIT))
        .containsExactlyInAnyOrder(
            "block", "contract", "contract/json", "destination", "kit", "retry", "timeout");
    assertThat(entries(PluginJars.API)).hasSizeLessThan(80);
  }

  @Test
  void theWorkerHasNoKit() throws IOException {
    assertThat(entries(WORKER))
        .anyMatch(name -> name.endsWith("/block/Block.class"))
        .noneMatch(name -> name.contains("io/beamline/worker/kit"));
  }

  /** What the classes of a jar refer to that is neither there nor in a library. */
  private static Set<String> strangersIn(Path jar) throws IOException {
    JavaClasses classes = importJar(jar);
    assertThat(classes).isNotEmpty().extracting(JavaClass::getName).contains(Block.class.getName());
    Set<String> own = classes.stream().map(JavaClass::getName).collect(Collectors.toSet());
    Set<String> strangers = new TreeSet<>();
    for (JavaClass type : classes) {
      type.getDirectDependenciesFromSelf().stream()
          .map(used -> used.getTargetClass().getBaseComponentType())
          .filter(used -> !used.isPrimitive() && !own.contains(used.getName()))
          .filter(used -> ELSEWHERE.stream().noneMatch(used.getName()::startsWith))
          .forEach(used -> strangers.add(type.getName() + " uses " + used.getName()));
    }
    return strangers;
  }

  private static JavaClasses importJar(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return new ClassFileImporter().importJar(file);
    }
  }

  private static Set<String> packagesIn(Path jar) throws IOException {
    return entries(jar).stream()
        .filter(name -> name.endsWith(".class"))
        .map(name -> name.substring("io/beamline/worker/".length(), name.lastIndexOf('/')))
        .collect(Collectors.toSet());
  }

  private static Set<String> entries(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile());
        Stream<String> names = file.stream().map(entry -> entry.getName())) {
      return names.collect(Collectors.toSet());
    }
  }
}
