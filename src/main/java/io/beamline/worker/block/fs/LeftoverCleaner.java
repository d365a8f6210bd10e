package io.beamline.worker.block.fs;

import io.beamline.worker.config.Phases;
import io.beamline.worker.timeout.Durations;
import io.beamline.worker.timeout.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Removes temporary files of killed workers when the worker starts. Each root has its own daemon
 * thread, so a root that hangs delays neither the start nor other roots. While a root has files
 * that must be checked later, it is swept again after growing pauses. Thread-safe.
 */
final class LeftoverCleaner implements SmartLifecycle, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LeftoverCleaner.class);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private final List<Path> roots;
  private final String workerId;
  private final TimeSource time;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private volatile boolean running;

  /**
   * @param workerId the id of this worker
   */
  LeftoverCleaner(PermittedRoots roots, String workerId, TimeSource time) {
    this.roots = roots.folders();
    this.workerId = workerId;
    this.time = time;
  }

  /** Starts the threads. Call it once. */
  @Override
  public void start() {
    running = true;
    Thread.Builder builder = Thread.ofPlatform().daemon().name("file-cleaner-", 1);
    roots.forEach(root -> threads.add(builder.start(() -> clean(root))));
  }

  @Override
  public void stop() {
    close();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Starts before the worker takes assignments. */
  @Override
  public int getPhase() {
    return Phases.CONNECTION;
  }

  /** Stops the threads, unless they are stuck in the kernel. */
  @Override
  public void close() {
    running = false;
    threads.forEach(Thread::interrupt);
  }

  private void clean(Path root) {
    Duration pause = FIRST_PAUSE;
    try {
      while (new LeftoverSweep(workerId, time).run(root)) {
        time.sleep(pause);
        pause = Durations.shorter(pause.multipliedBy(2), Leftover.OTHERS_AGE);
      }
    } catch (IOException e) {
      log.warn("A root could not be searched for leftovers", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
