package io.beamline.worker.connection;

import java.util.concurrent.RunnableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The threads of one connection: its reader, its writer and its dispatchers. The client does not
 * notice when one of them dies of an unexpected exception or an {@link Error}: the connection looks
 * healthy for minutes. This pool reports it at once. Thread-safe, as its superclass is.
 */
final class ClientThreads extends ThreadPoolExecutor {

  private static final long KEEP_ALIVE_MS = 500;

  private final Consumer<Throwable> onDeath;

  /**
   * Creates a pool without threads.
   *
   * @param onDeath called on the dying thread with the cause; must return soon and not throw
   */
  ClientThreads(String name, Consumer<Throwable> onDeath) {
    super(
        0,
        Integer.MAX_VALUE,
        KEEP_ALIVE_MS,
        TimeUnit.MILLISECONDS,
        new SynchronousQueue<>(),
        threads(name));
    this.onDeath = onDeath;
  }

  @Override
  protected <T> RunnableFuture<T> newTaskFor(Runnable task, T result) {
    return super.newTaskFor(() -> run(task), result);
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      onDeath.accept(e);
      throw e;
    }
  }

  private static CustomizableThreadFactory threads(String name) {
    CustomizableThreadFactory threads = new CustomizableThreadFactory(name + "-");
    threads.setDaemon(true);
    return threads;
  }
}
