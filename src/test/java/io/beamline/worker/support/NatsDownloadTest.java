package io.beamline.worker.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.nats.client.Connection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The official release of the server is fetched from a real HTTP server. */
class NatsDownloadTest {

  private static final String TAR = "nats-server-v2-x.tar.gz";
  private static final String ZIP = "nats-server-v2-x.zip";
  private static final String FOLDER = "nats-server-v2-x/";
  private static final byte[] PROGRAM = "the program".getBytes(UTF_8);

  private final CountDownLatch testHasEnded = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> reports = new ArrayList<>();
  private HttpServer site;
  @TempDir private Path folder;

  @BeforeEach
  void startSite() throws IOException {
    site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    site.setExecutor(threads);
    site.start();
  }

  @AfterEach
  void stopSite() {
    testHasEnded.countDown();
    site.stop(0);
    threads.shutdownNow();
  }

  @Test
  void runsAServerThatItFetched() throws Exception {
    Path installed = Path.of(NatsBinary.ofThisMachine(line -> {}).find().description());
    assumeTrue(Files.isExecutable(installed), "no nats-server is installed to make a release of");
    byte[] archive =
        tar(
            FOLDER + "README.md",
            "text".getBytes(UTF_8),
            FOLDER + "nats-server",
            Files.readAllBytes(installed));
    serve(TAR, exchange -> answer(exchange, archive));
    NatsDownload release = download(new NatsArchive(TAR, sha256(archive)));
    NatsBinary binary = new NatsBinary("", List.of(), () -> false, folder, Optional.of(release));

    try (NatsServer server = NatsServer.start(binary);
        Connection connection = server.connect()) {
      assertThat(connection.getStatus()).isEqualTo(Connection.Status.CONNECTED);
      assertThat(server.description()).startsWith(folder.toString());
    }
    assertThat(reports).containsExactly("Downloading " + release.source());
    site.stop(0);
    assertThat(binary.find().description()).isEqualTo(folder.resolve("nats-server").toString());
  }

  @Test
  void unpacksAZipArchive() throws Exception {
    byte[] archive = zip(FOLDER + "LICENSE", FOLDER + "nats-server.exe");
    serve(ZIP, exchange -> answer(exchange, archive));

    Path program = download(new NatsArchive(ZIP, sha256(archive))).fetchTo(folder);

    assertThat(program).isExecutable().hasBinaryContent(PROGRAM);
  }

  @Test
  void writesNothingWhereAnArchiveWantsIt() throws Exception {
    Path inner = folder.resolve("a/b");
    byte[] archive = tar("../../evil", PROGRAM, "../../nats-server", PROGRAM);
    serve(TAR, exchange -> answer(exchange, archive));

    Path program = download(new NatsArchive(TAR, sha256(archive))).fetchTo(inner);

    assertThat(program).isEqualTo(inner.resolve(NatsBinary.PROGRAM));
    assertThat(filesIn(folder)).containsExactly(program);
  }

  @Test
  void refusesAnotherChecksum() throws Exception {
    byte[] archive = tar(FOLDER + "nats-server", PROGRAM);
    serve(TAR, exchange -> answer(exchange, archive));

    failsWith("it has the SHA-256 " + sha256(archive) + ", but must have " + "0".repeat(64));
  }

  @Test
  void saysWhichStatusTheServerAnswers() throws Exception {
    failsWith("the server answers with status 404");
  }

  @Test
  void refusesAnArchiveThatIsCutOff() throws Exception {
    byte[] archive = tar(FOLDER + "nats-server", PROGRAM);
    serve(
        TAR,
        exchange -> {
          sendHalf(exchange, archive);
          throw new IOException("closes the connection");
        });

    failsWith("Premature EOF");
  }

  @Test
  void givesUpOnAServerThatSendsNoMore() throws Exception {
    byte[] archive = tar(FOLDER + "nats-server", PROGRAM);
    serve(
        TAR,
        exchange -> {
          sendHalf(exchange, archive);
          awaitEndOfTest();
        });

    failsWith("Read timed out");
  }

  @Test
  void refusesAnArchiveWithoutTheProgram() throws Exception {
    byte[] archive = tar(FOLDER + "README.md", PROGRAM);
    serve(TAR, exchange -> answer(exchange, archive));

    NatsDownload download = download(new NatsArchive(TAR, sha256(archive)));

    assertThatThrownBy(() -> download.fetchTo(folder)).hasMessageContaining("there is no program");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void saysWhatToDoIfItFails() {
    NatsDownload release = download(new NatsArchive(TAR, "0".repeat(64)));
    Path file = folder.resolve("file");
    NatsBinary binary = new NatsBinary("", List.of(), () -> false, file, Optional.of(release));

    assertThatThrownBy(
            () -> {
              Files.createFile(file);
              binary.find();
            })
        .isInstanceOf(NoNatsServerException.class)
        .hasMessageContainingAll(release.source().toString(), "unpack it in " + file);
  }

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, linux-amd64.tar.gz",
    "Linux, aarch64, linux-arm64.tar.gz",
    "Mac OS X, x86_64, darwin-amd64.tar.gz",
    "Mac OS X, aarch64, darwin-arm64.tar.gz",
    "Windows 11, amd64, windows-amd64.zip",
    "Windows 11, aarch64, windows-arm64.zip",
  })
  void knowsTheArchiveOfAPlatform(String system, String architecture, String end) {
    NatsArchive archive = NatsArchive.of(system, architecture).orElseThrow();

    assertThat(archive.in("https://mirror.test/x/"))
        .hasToString(
            "https://mirror.test/x/v%s/nats-server-v%s-%s"
                .formatted(NatsArchive.VERSION, NatsArchive.VERSION, end));
    assertThat(archive.sha256()).matches("[0-9a-f]{64}");
  }

  @Test
  void knowsNoArchiveOfOtherPlatforms() {
    assertThat(NatsArchive.of("SunOS", "sparcv9")).isEmpty();
    assertThat(NatsArchive.of("Linux", "riscv64")).isEmpty();
  }

  private NatsDownload download(NatsArchive archive) {
    String releases = "http://127.0.0.1:" + site.getAddress().getPort() + "/releases";
    return new NatsDownload(archive, releases, Duration.ofSeconds(1), reports::add);
  }

  /** Nothing is left of an archive that cannot be used. */
  private void failsWith(String message) {
    NatsDownload download = download(new NatsArchive(TAR, "0".repeat(64)));
    assertThatThrownBy(() -> download.fetchTo(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
    assertThat(folder).isEmptyDirectory();
  }

  private void serve(String name, HttpHandler handler) {
    site.createContext("/releases/v" + NatsArchive.VERSION + "/" + name, handler);
  }

  private static void answer(HttpExchange exchange, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private void awaitEndOfTest() {
    try {
      testHasEnded.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] tar(String name, byte[] content) throws IOException {
    return tar(FOLDER + "LICENSE", new byte[0], name, content);
  }

  private static byte[] tar(String first, byte[] firstContent, String second, byte[] secondContent)
      throws IOException {
    GzipParameters quick = new GzipParameters();
    quick.setCompressionLevel(Deflater.BEST_SPEED);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream out =
        new TarArchiveOutputStream(new GzipCompressorOutputStream(bytes, quick))) {
      put(out, first, firstContent);
      put(out, second, secondContent);
    }
    return bytes.toByteArray();
  }

  private static void put(TarArchiveOutputStream out, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(content.length);
    out.putArchiveEntry(entry);
    out.write(content);
    out.closeArchiveEntry();
  }

  private static byte[] zip(String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (String name : names) {
        out.putNextEntry(new ZipEntry(name));
        out.write(PROGRAM);
        out.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static void sendHalf(HttpExchange exchange, byte[] archive) throws IOException {
    exchange.sendResponseHeaders(200, archive.length);
    exchange.getResponseBody().write(archive, 0, archive.length / 2);
    exchange.getResponseBody().flush();
  }
}
