package io.beamline.worker.training;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.util.FileSystemUtils;

/**
 * One training, from the start of its NATS server to the cache. A step that fails fails the
 * training: a cache of half the work would be slow without anybody knowing why. Used by one thread.
 *
 * @param jar the unpacked worker
 * @param cache the file to write
 * @param natsServer the program
 * @param jvmOptions the options of the JVM that the cache is for
 * @param folder for everything else; deleted by the caller
 */
public record TrainingRun(
    Path jar, Path cache, String natsServer, List<String> jvmOptions, Path folder) {

  private static final int FAILED = 1;
  private static final int BAD_USAGE = 2;

  /**
   * With flags off, and again with flags on: enough that the thorough compiler has done all that
   * steps call often.
   */
  private static final int STEPS = 60_000;

  private static final String PASSWORD = "training";

  /** Writing the cache takes 10 s of a processor and more. */
  private static final Duration END_PATIENCE = Duration.ofMinutes(15);

  /** Trains; the arguments are the jar, the cache, the NATS server, and the JVM's options. */
  public static void main(String[] args) {
    System.exit(run(List.of(args), System.out, System.err));
  }

  /** Trains, and returns the exit code. */
  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (arguments.size() < 3) {
      err.println("Usage: TrainingRun JAR CACHE NATS_SERVER [OPTION OF THE JVM ...]");
      return BAD_USAGE;
    }
    try {
      Path folder = Files.createTempDirectory("beamline-training-");
      try {
        new TrainingRun(
                Path.of(arguments.get(0)).toAbsolutePath(),
                Path.of(arguments.get(1)).toAbsolutePath(),
                arguments.get(2),
                arguments.subList(3, arguments.size()),
                folder)
            .train();
      } finally {
        FileSystemUtils.deleteRecursively(folder);
      }
    } catch (TrainingException | IOException e) {
      err.println("The training failed: " + e.getMessage());
      return FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      err.println("The training was interrupted");
      return FAILED;
    }
    out.println("Trained with " + 2 * STEPS + " steps");
    return 0;
  }

  private void train() throws TrainingException, IOException, InterruptedException {
    int natsPort = freePort();
    String natsUrl = "nats://127.0.0.1:" + natsPort;
    try (TrainingProcess server = startNats(natsPort);
        TrainingRouter router = TrainingRouter.connect(server, natsUrl);
        TrainingSite site = new TrainingSite()) {
      train(router, natsUrl, site.url());
    }
  }

  private void train(TrainingRouter router, String natsUrl, String site)
      throws TrainingException, IOException, InterruptedException {
    int port = freePort();
    int managementPort = freePort();
    try (TrainingProcess worker = startWorker(natsUrl, port, managementPort);
        TrainingVisitor visitor = TrainingVisitor.of(port, managementPort, PASSWORD)) {
      awaitReady(worker, visitor);
      try {
        work(router, visitor, site);
      } catch (TrainingException e) {
        throw worker.failure("was not trained (" + e.getMessage() + ")");
      }
      worker.end(END_PATIENCE);
      if (!Files.exists(cache) || Files.size(cache) == 0) {
        throw worker.failure("wrote no cache " + cache);
      }
    }
  }

  private static void work(TrainingRouter router, TrainingVisitor visitor, String site)
      throws TrainingException, InterruptedException {
    router.run(TrainingStep.first());
    visitor.openConsole();
    visitor.watch();
    router.run(TrainingStep.mixture(STEPS, site));
    visitor.watch();
    visitor.turnFlagsOn();
    router.run(TrainingStep.mixture(STEPS, site));
    visitor.watch();
  }

  private TrainingProcess startNats(int port) throws TrainingException {
    return TrainingProcess.start(
        "nats-server",
        List.of(
            natsServer,
            "-js",
            "-sd",
            folder.resolve("jetstream").toString(),
            "-a",
            "127.0.0.1",
            "-p",
            String.valueOf(port)),
        Map.of(),
        folder);
  }

  /** A heap of more than 32 GB, on a large machine, would make a cache for other pointers. */
  private TrainingProcess startWorker(String natsUrl, int port, int managementPort)
      throws TrainingException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    // Each class that the JVM leaves out, such as one of a signed jar, would be a warning.
    command.addAll(List.of("-Xmx512m", "-Xlog:disable", "-Xlog:all=error:stderr"));
    command.addAll(List.of("-XX:AOTCacheOutput=" + cache, "-jar", jar.toString()));
    return TrainingProcess.start(
        "worker",
        command,
        Map.of(
            "NATS_URL",
            natsUrl,
            "WORKER_ADMIN_PASSWORD",
            PASSWORD,
            "SERVER_PORT",
            String.valueOf(port),
            "MANAGEMENT_SERVER_PORT",
            String.valueOf(managementPort),
            "WORKER_LOG_FORMAT",
            "json",
            "WORKER_BLOCKS_FS_ROOTS",
            folder.resolve("data").toString()),
        folder);
  }

  private static void awaitReady(TrainingProcess worker, TrainingVisitor visitor)
      throws TrainingException, InterruptedException {
    for (int poll = 0; !visitor.isReady(); poll++) {
      worker.pause(poll);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
