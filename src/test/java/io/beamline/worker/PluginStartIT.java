package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.PluginJars;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which folders of plug-ins the built worker takes, and how it explains that it does not start. */
class PluginStartIT {

  private static final String CONFIGURATION =
      """
      package com.acme;
      import org.springframework.boot.autoconfigure.AutoConfiguration;
      import org.springframework.context.annotation.Bean;
      @AutoConfiguration
      public class AcmeBlocks {
        %s
      }
      """;

  private static final String BLOCK =
      """
      package com.acme;
      import io.beamline.worker.block.*;
      import io.beamline.worker.contract.*;
      import java.util.*;
      public class AcmeBlock implements Block {
        public BlockType type() { %s }
        public Outputs run(BlockCall call) { return Outputs.of(Map.of()); }
      }
      """;

  private static final String DRIVER =
      """
      package com.acme;
      import java.sql.*;
      import java.util.Properties;
      public class AcmeDriver implements Driver {
        public Connection connect(String url, Properties p) throws SQLException {
          throw new SQLException("away", "08001");
        }
        public boolean acceptsURL(String url) { return url.startsWith("jdbc:acme:"); }
        public DriverPropertyInfo[] getPropertyInfo(String url, Properties p) { return null; }
        public int getMajorVersion() { return 1; }
        public int getMinorVersion() { return 0; }
        public boolean jdbcCompliant() { return false; }
        public java.util.logging.Logger getParentLogger() { return null; }
      }
      """;

  private static final String USUAL_BEAN = "@Bean AcmeBlock acme() { return new AcmeBlock(); }";
  private static final String USUAL_TYPE =
      "return new BlockType(\"acme\", List.of(), ResourcePool.IO);";

  @TempDir private Path folder;

  @Test
  void takesAFolderWithoutJars() throws IOException {
    Files.writeString(folder.resolve("readme.txt"), "nothing yet");
    try (NatsServer nats = NatsServer.start();
        WorkerProcess worker = worker(nats.url()).start()) {
      assertThat(worker.log()).doesNotContain("Plug-in loaded");
      assertThat(worker.get(worker.managementUri("/actuator/health")).body())
          .doesNotContain("plugins");
    }
  }

  /** The library's name comes after the plug-in's: the order is no matter. */
  @Test
  void takesAPluginWithItsLibrary() throws IOException {
    Path library = Files.createDirectory(folder.resolve("library"));
    PluginJars.source(library, "org.lib.Words", "package org.lib; public class Words {}");
    PluginJars.compile(library, folder.resolve("library-classes"));
    Path source = Files.createDirectory(folder.resolve("source"));
    PluginJars.source(source, "com.acme.AcmeBlock", BLOCK.formatted(USUAL_TYPE));
    PluginJars.source(
        source,
        "com.acme.AcmeBlocks",
        CONFIGURATION.formatted(
            USUAL_BEAN + " @Bean org.lib.Words words() { return new" + " org.lib.Words(); }"));
    compileWith(source, folder.resolve("library-classes"));
    PluginJars.imports(folder.resolve("classes"), "# ours\ncom.acme.AcmeBlocks # all\n");
    PluginJars.pack(folder.resolve("classes"), folder.resolve("acme.jar"), "2.1");
    PluginJars.pack(folder.resolve("library-classes"), folder.resolve("words.jar"), "7");

    try (NatsServer nats = NatsServer.start();
        WorkerProcess worker = worker(nats.url()).fatJar().start()) {
      assertThat(worker.get(worker.managementUri("/actuator/health")).body())
          .contains(
              "\"plugins\"", "{\"file\":\"acme.jar\",\"version\":\"2.1\",\"types\":[\"acme\"]}")
          .doesNotContain("words.jar");
    }
    Files.delete(folder.resolve("words.jar"));
    assertRefused("The plug-in acme.jar cannot be loaded: the class org.lib.Words is missing.");
  }

  @Test
  void takesADriverOfADatabaseAlone() throws IOException {
    Path source = Files.createDirectory(folder.resolve("source"));
    PluginJars.source(source, "com.acme.AcmeDriver", DRIVER);
    PluginJars.compile(source, folder.resolve("classes"));
    Path services = Files.createDirectories(folder.resolve("classes/META-INF/services"));
    Files.writeString(services.resolve("java.sql.Driver"), "com.acme.AcmeDriver");
    PluginJars.pack(folder.resolve("classes"), folder.resolve("driver.jar"), "1");

    try (NatsServer nats = NatsServer.start();
        WorkerProcess worker =
            worker(nats.url())
                .env("WORKER_BLOCKS_SQL_DATASOURCES_ORDERS_URL", "jdbc:acme:orders")
                .start()) {
      assertThat(worker.get(worker.managementUri("/actuator/health")).body())
          .contains("\"orders\"")
          .doesNotContain("plugins");
    }
  }

  @Test
  void refusesAFolderThatIsNotThere() {
    assertRefused(
        WorkerProcess.of("nats://127.0.0.1:1").env("WORKER_PLUGINS_DIRECTORY", "/nowhere"),
        "worker.plugins.directory is '/nowhere', but must be a folder that can be read, or empty"
            + " for no plug-ins.");
  }

  @Test
  @Tag("long")
  void refusesWhatIsNoJar() throws IOException {
    Files.writeString(folder.resolve("acme.jar"), "no jar");
    assertRefused("The plug-in acme.jar cannot be loaded: it cannot be read as a jar (");
  }

  @Test
  @Tag("long")
  void refusesJarsWithoutAPlugin() throws IOException {
    plugin("", USUAL_BEAN, USUAL_TYPE);
    assertRefused("no jar in it (acme.jar) has the file META-INF/spring/");
  }

  @Test
  @Tag("long")
  void refusesAClassThatIsNotThere() throws IOException {
    plugin("com.acme.Other", USUAL_BEAN, USUAL_TYPE);
    assertRefused("The plug-in acme.jar cannot be loaded: the class com.acme.Other is missing.");
  }

  @Test
  @Tag("long")
  void refusesAClassForANewerJava() throws IOException {
    compile(USUAL_BEAN, USUAL_TYPE);
    Path file = folder.resolve("classes/com/acme/AcmeBlock.class");
    byte[] code = Files.readAllBytes(file);
    code[7] = 99;
    Files.write(file, code);
    pack("com.acme.AcmeBlocks");
    assertRefused(
        "The plug-in acme.jar cannot be loaded: it was compiled for a newer Java than "
            + Runtime.version().feature()
            + ".");
  }

  @Test
  void refusesABlockWhoseNameIsTaken() throws IOException {
    plugin(
        "com.acme.AcmeBlocks",
        USUAL_BEAN,
        "return new BlockType(\"acme\", List.of(\"http\"), ResourcePool.IO);");
    assertRefused(
        "The plug-in acme.jar cannot be loaded: the block name 'http' is used twice, by ");
  }

  @Test
  @Tag("long")
  void refusesABlockWithoutAType() throws IOException {
    plugin("com.acme.AcmeBlocks", USUAL_BEAN, "return null;");
    assertRefused(
        "The plug-in acme.jar cannot be loaded: the type() of its block com.acme.AcmeBlock must"
            + " have names of 1 to 64 letters, digits, dots, - and _, and a pool; it is null.");
  }

  @Test
  @Tag("long")
  void refusesABlockWhoseTypeThrows() throws IOException {
    plugin("com.acme.AcmeBlocks", USUAL_BEAN, "throw new IllegalStateException(\"later\");");
    assertRefused(
        "The plug-in acme.jar cannot be loaded: the type() of its block com.acme.AcmeBlock throws"
            + " IllegalStateException: later.");
  }

  @Test
  @Tag("long")
  void refusesABeanThatCannotBeMade() throws IOException {
    plugin(
        "com.acme.AcmeBlocks",
        "@Bean AcmeBlock acme() { throw new IllegalStateException(\"no key\"); }",
        USUAL_TYPE);
    assertRefused("The plug-in acme.jar cannot be loaded: IllegalStateException: no key.");
  }

  @Test
  @Tag("long")
  void refusesABeanThatTheWorkerHas() throws IOException {
    plugin(
        "com.acme.AcmeBlocks",
        "@Bean AcmeBlock echoBlock() { return new AcmeBlock(); }",
        USUAL_TYPE);
    assertRefused(
        "The plug-in acme.jar cannot be loaded: it defines the bean 'echoBlock', which is there"
            + " already.");
  }

  private WorkerProcess.Builder worker(String natsUrl) {
    return WorkerProcess.of(natsUrl).env("WORKER_PLUGINS_DIRECTORY", folder.toString());
  }

  private void assertRefused(String sentence) {
    assertRefused(worker("nats://127.0.0.1:1"), sentence);
  }

  private static void assertRefused(WorkerProcess.Builder builder, String sentence) {
    try (WorkerProcess worker = builder.launch()) {
      assertThat(worker.awaitExit(Duration.ofMinutes(1))).isEqualTo(1);
      assertThat(worker.log()).contains(sentence);
    }
  }

  private void plugin(String imports, String bean, String type) throws IOException {
    compile(bean, type);
    pack(imports);
  }

  private void compile(String bean, String type) throws IOException {
    Path source = Files.createDirectory(folder.resolve("source"));
    PluginJars.source(source, "com.acme.AcmeBlocks", CONFIGURATION.formatted(bean));
    PluginJars.source(source, "com.acme.AcmeBlock", BLOCK.formatted(type));
    PluginJars.compile(source, folder.resolve("classes"));
  }

  private void compileWith(Path source, Path library) throws IOException {
    List<Path> classPath = new ArrayList<>(PluginJars.libraries());
    classPath.addAll(List.of(PluginJars.API, library));
    PluginJars.compile(source, folder.resolve("classes"), classPath);
  }

  private void pack(String imports) throws IOException {
    PluginJars.imports(folder.resolve("classes"), imports);
    PluginJars.pack(folder.resolve("classes"), folder.resolve("acme.jar"), "1");
  }
}
