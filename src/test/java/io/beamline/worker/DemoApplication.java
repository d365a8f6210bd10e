package io.beamline.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamline.worker.demo.DemoBreakers;
import io.beamline.worker.demo.DemoHints;
import io.beamline.worker.demo.DemoRouter;
import io.beamline.worker.demo.DemoSite;
import io.beamline.worker.destination.Destinations;
import io.beamline.worker.support.FreePort;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.NoNatsServerException;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/**
 * The worker at work: {@code ./mvnw -Pdemo} starts it with a NATS server, a web site that fails now
 * and then, another one that is down for a while, and a Router that assigns steps and prints what
 * becomes of them.
 */
public final class DemoApplication {

  private static final Path WORKER_LOG = Path.of("target", "demo-worker.log");

  private final PrintStream out;
  private final Deque<AutoCloseable> running = new ArrayDeque<>();

  private DemoApplication(PrintStream out) {
    this.out = out;
  }

  /** Runs until Ctrl-C or SIGTERM. */
  public static void main(String[] args) throws Exception {
    PrintStream terminal = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    Files.createDirectories(WORKER_LOG.getParent());
    PrintStream log = new PrintStream(Files.newOutputStream(WORKER_LOG), true, UTF_8);
    System.setOut(log);
    System.setErr(log);
    DemoApplication demo = new DemoApplication(terminal);
    Runtime.getRuntime().addShutdownHook(new Thread(demo::end, "demo-end"));
    try {
      demo.start();
    } catch (NoNatsServerException e) {
      terminal.println(e.getMessage());
      System.exit(1);
    } catch (Exception e) {
      terminal.println("The demo did not start: " + e + " (more in " + WORKER_LOG + ")");
      e.printStackTrace(log);
      System.exit(1);
    }
  }

  private void start() throws Exception {
    String given = System.getenv("NATS_URL");
    boolean givenAnswers = given != null && answers(given);
    if (given != null && !givenAnswers) {
      out.println("No server answers at NATS_URL, so the demo uses one of its own");
    }
    String nats = givenAnswers ? given : ownServer();
    out.println("NATS: " + nats.replaceAll("//[^@]*@", "//"));
    Path files = running(Files.createTempDirectory("beamline-demo-"));
    DemoSite site = running(DemoSite.start());
    int port = FreePort.preferring(9091);
    int managementPort = FreePort.preferring(9092);
    String password = UUID.randomUUID().toString().substring(0, 8);
    out.println("Starting the worker; its log goes to " + WORKER_LOG);
    SpringApplication worker = new SpringApplication(WorkerApplication.class);
    worker.setRegisterShutdownHook(false);
    ConfigurableApplicationContext context =
        running(
            worker.run(
                "--nats.spring.server=" + nats,
                "--server.port=" + port,
                "--management.server.port=" + managementPort,
                "--worker.admin.username=admin",
                "--worker.admin.password=" + password,
                "--worker.blocks.fs.roots=" + files,
                "--worker.shutdown.grace=3s",
                "--worker.dlq.failed-steps=true",
                "--CP2_CANCELLATION_ENABLED=true",
                "--CP2_CIRCUIT_BREAKER_ENABLED=true",
                "--worker.destinations.breaker.window=5",
                "--worker.destinations.breaker.minimum=4",
                "--worker.destinations.breaker.failure-rate=60",
                "--worker.destinations.breaker.open-for=3s",
                "--worker.destinations.breaker.trials=1"));
    DemoHints hints =
        running(
            new DemoHints(port, managementPort, password, WORKER_LOG)
                .withCommandFor(givenAnswers ? null : nats));
    DemoSite downAtTimes = running(DemoSite.startDownAtTimes());
    running(DemoBreakers.start(context.getBean(Destinations.class), out));
    running(DemoRouter.start(nats, site.url(), downAtTimes.url(), out, hints.lines()));
  }

  private String ownServer() {
    NatsServer server = running(NatsServer.startReporting(out::println).endedOnlyByClose());
    out.println("Started " + server.description() + ", which ends with the demo");
    return server.url();
  }

  private static boolean answers(String url) {
    Options options =
        Options.builder()
            .server(url)
            .noReconnect()
            .connectionTimeout(Duration.ofSeconds(2))
            .build();
    try (Connection connection = Nats.connect(options)) {
      return connection.getStatus() == Connection.Status.CONNECTED;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Path running(Path folder) {
    running((AutoCloseable) () -> FileSystemUtils.deleteRecursively(folder));
    return folder;
  }

  private synchronized <T extends AutoCloseable> T running(T part) {
    running.push(part);
    return part;
  }

  /** Ends the parts in the reverse order of their start: the worker drains while NATS lives. */
  private synchronized void end() {
    out.println("Ending the demo");
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (Exception e) {
        out.println("  " + e);
      }
    }
    out.println("The demo has ended");
  }
}
