package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

class WorkerConfigurationsTest {

  private static final String PACKAGE = "io.beamline.worker.";

  private static final JavaClasses WORKER =
      new ClassFileImporter()
          .withImportOption(new ArchitectureTest.WithoutTests())
          .importPackages("io.beamline.worker");

  @Test
  void namesEachConfiguration() {
    List<String> found =
        WORKER.stream()
            .filter(type -> type.isMetaAnnotatedWith(Component.class))
            .filter(type -> !type.isNestedClass())
            .map(type -> type.getName().substring(PACKAGE.length()))
            .filter(name -> !name.equals("WorkerApplication"))
            .sorted()
            .toList();
    assertThat(WorkerConfigurations.NAMES).containsExactlyInAnyOrderElementsOf(found);
  }

  @Test
  void nestedConfigurationsAreInsideOfOthers() {
    assertThat(WORKER.stream().filter(type -> type.isNestedClass()))
        .filteredOn(type -> type.isMetaAnnotatedWith(Component.class))
        .allSatisfy(
            type ->
                assertThat(
                        type.getEnclosingClass().orElseThrow().isAnnotatedWith(Configuration.class))
                    .isTrue());
  }
}
