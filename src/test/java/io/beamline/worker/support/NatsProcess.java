package io.beamline.worker.support;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A nats-server as a child process, in a session of its own: Ctrl-C in a terminal spares it. */
final class NatsProcess implements NatsRuntime {

  private static final Path SETSID = Path.of("/usr/bin/setsid");

  private final Path binary;
  private @Nullable Process process;
  private @Nullable Path log;

  NatsProcess(Path binary) {
    this.binary = binary;
  }

  /** The program. */
  Path program() {
    return binary;
  }

  @Override
  public void start(Path config, int port) throws IOException {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(SETSID)) {
      command.add(SETSID.toString());
    }
    command.addAll(List.of(binary.toString(), "-c", config.toString()));
    File output = config.resolveSibling("server.log").toFile();
    log = output.toPath();
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
            .start();
    process.getOutputStream().close();
  }

  @Override
  public boolean alive() {
    return process != null && process.isAlive();
  }

  @Override
  public void stop() {
    if (process != null) {
      process.destroy();
      if (!ended(process, 15)) {
        kill();
      }
    }
  }

  @Override
  public void kill() {
    if (process != null) {
      process.destroyForcibly();
      if (!ended(process, 15)) {
        throw new IllegalStateException("nats-server " + process.pid() + " does not end");
      }
    }
  }

  @Override
  public void reload(Path config) {
    if (process != null) {
      Signals.send(process.pid(), "HUP");
    }
  }

  @Override
  public String log() {
    try {
      return log == null ? "" : Files.readString(log);
    } catch (IOException e) {
      return "no log: " + e;
    }
  }

  @Override
  public String description() {
    return binary + (process == null ? "" : ", process " + process.pid());
  }

  private static boolean ended(Process process, int seconds) {
    boolean interrupted = Thread.interrupted();
    try {
      return process.waitFor(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
      return !process.isAlive();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
