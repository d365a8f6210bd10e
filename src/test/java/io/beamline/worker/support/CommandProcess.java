package io.beamline.worker.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The built worker run as a command that ends by itself.
 *
 * @param exitCode how it ended
 * @param stdout what it wrote to stdout
 * @param stderr what it wrote to stderr
 */
public record CommandProcess(int exitCode, String stdout, String stderr) {

  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final Executor OWN_THREAD = task -> Thread.ofPlatform().daemon().start(task);

  /** Runs it for the NATS server at a URL and waits for its end. */
  public static CommandProcess run(String natsUrl, String... arguments) {
    return start(natsUrl, arguments).join();
  }

  /** Starts it; completes with its end. */
  public static CompletableFuture<CommandProcess> start(String natsUrl, String... arguments) {
    ProcessBuilder builder = new ProcessBuilder(command(arguments));
    Map<String, String> variables = builder.environment();
    variables.keySet().removeIf(WorkerProcess::isSetting);
    variables.put("NATS_URL", natsUrl);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return CompletableFuture.supplyAsync(() -> ended(process), OWN_THREAD);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command(String... arguments) {
    try {
      List<String> command = new ArrayList<>();
      command.add(ThisJdk.program("java"));
      command.add(WorkerImage.QUICK_COMPILER);
      command.addAll(WorkerImage.program(null, true));
      command.addAll(List.of(arguments));
      return command;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CommandProcess ended(Process process) {
    CompletableFuture<String> stdout =
        CompletableFuture.supplyAsync(() -> read(process, true), OWN_THREAD);
    CompletableFuture<String> stderr =
        CompletableFuture.supplyAsync(() -> read(process, false), OWN_THREAD);
    try {
      if (!process.waitFor(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("the command still ran after " + LONGEST);
      }
      return new CommandProcess(process.exitValue(), stdout.join(), stderr.join());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String read(Process process, boolean stdout) {
    try (var in = stdout ? process.getInputStream() : process.getErrorStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
