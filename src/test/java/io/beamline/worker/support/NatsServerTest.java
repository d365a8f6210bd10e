package io.beamline.worker.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class NatsServerTest {

  @Test
  void keepsItsStoreAndPortAcrossStopAndKill() throws Exception {
    try (NatsServer server = NatsServer.start()) {
      publishToNewStream(server);
      String url = server.url();
      server.stop();
      assertThat(server.running()).isFalse();
      server.restart();
      assertThat(storedMessages(server)).isEqualTo(1);
      server.kill();
      server.restart();
      assertThat(storedMessages(server)).isEqualTo(1);
      assertThat(server.url()).isEqualTo(url);
    }
  }

  @Test
  void losesItsStreamsWhenTheStoreIsWiped() throws Exception {
    try (NatsServer server = NatsServer.start()) {
      publishToNewStream(server);
      assertThatThrownBy(server::wipeStore).isInstanceOf(IllegalStateException.class);
      server.stop();
      server.wipeStore();
      server.restart();
      try (Connection connection = server.connect()) {
        assertThat(connection.jetStreamManagement().getStreamNames()).isEmpty();
      }
    }
  }

  @Test
  void takesFurtherConfiguration() throws Exception {
    try (NatsServer server =
        NatsServer.start("max_payload: 4096", "authorization: {user: a, password: b}")) {
      Options login = Options.builder().server(server.url()).userInfo("a", "b").build();
      try (Connection connection = Nats.connect(login)) {
        assertThat(connection.getMaxPayload()).isEqualTo(4096);
      }
      assertThatThrownBy(server::connect).isInstanceOf(UncheckedIOException.class);
    }
  }

  @Test
  void saysWhatItsLogSaysWhenTheConfigurationIsWrong() {
    assertThatThrownBy(() -> NatsServer.start("max_payload: nonsense"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("nats.conf:4");
  }

  @Test
  void endsWhenClosedTwice() {
    NatsServer server = NatsServer.start();
    server.close();
    server.close();
    assertThat(server.running()).isFalse();
  }

  @Test
  void looksOnThePathThenInSystemFolders(@TempDir Path folder) throws IOException {
    Path first = fakeServer(folder.resolve("first"));
    Path second = fakeServer(folder.resolve("second"));
    NatsBinary both =
        new NatsBinary(
            "/nowhere:" + first,
            List.of(second),
            () -> true,
            folder.resolve("none"),
            Optional.empty());
    assertThat(both.find().description()).startsWith(first.toString());
    NatsBinary system =
        new NatsBinary("", List.of(second), () -> true, folder.resolve("none"), Optional.empty());
    assertThat(system.find().description()).startsWith(second.toString());
  }

  @Test
  void prefersAContainerToUnpackingThePackage(@TempDir Path folder) {
    NatsBinary binary = new NatsBinary("", List.of(), () -> true, folder, Optional.empty());
    assertThat(binary.find()).isInstanceOf(NatsContainer.class);
  }

  @Test
  void usesWhatAnEarlierRunUnpacked(@TempDir Path folder) throws IOException {
    Path unpacked = fakeServer(folder.resolve("usr/sbin"));
    NatsBinary binary = new NatsBinary("", List.of(), () -> false, folder, Optional.empty());
    assertThat(binary.find().description()).startsWith(unpacked.toString());
  }

  @Test
  void saysWhatToInstallWhenThereIsNothing(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("a-file-where-a-folder-should-be"));
    NatsBinary binary = new NatsBinary("", List.of(), () -> false, file, Optional.empty());
    assertThatThrownBy(binary::find)
        .isInstanceOf(NoNatsServerException.class)
        .hasMessageContainingAll("apt-get install nats-server", "NATS_SERVER_RELEASES", "NATS_URL");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void runsThePackageOfTheDistribution(@TempDir Path folder) throws Exception {
    assumeTrue(packageCanBeDownloaded(folder), "no package of nats-server to be had");
    NatsBinary binary = new NatsBinary("", List.of(), () -> false, folder, Optional.empty());
    try (NatsServer server = NatsServer.start(binary);
        Connection connection = server.connect()) {
      assertThat(server.description()).startsWith(folder.toString());
      assertThat(connection.getStatus()).isEqualTo(Connection.Status.CONNECTED);
    }
  }

  private static boolean packageCanBeDownloaded(Path folder) throws Exception {
    if (!Files.isExecutable(Path.of("/usr/bin/dpkg"))) {
      return false;
    }
    Path probe = Files.createDirectory(folder.resolve("probe"));
    Process download =
        new ProcessBuilder("apt-get", "-qq", "download", "nats-server")
            .directory(probe.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return download.waitFor() == 0;
  }

  private static Path fakeServer(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path file = Files.createFile(folder.resolve("nats-server"));
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return folder;
  }

  private static void publishToNewStream(NatsServer server) throws Exception {
    try (Connection connection = server.connect()) {
      connection
          .jetStreamManagement()
          .addStream(StreamConfiguration.builder().name("S").subjects("s").build());
      connection.jetStream().publish("s", "kept".getBytes(UTF_8));
    }
  }

  private static long storedMessages(NatsServer server) throws Exception {
    try (Connection connection = server.connect()) {
      return connection.jetStreamManagement().getStreamInfo("S").getStreamState().getMsgCount();
    }
  }
}
