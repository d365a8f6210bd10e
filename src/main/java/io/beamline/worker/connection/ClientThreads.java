package io.beamline.worker.connection;

import java.util.concurrent.RunnableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The threads of one connection: its reader, its writer and its dispatchers. The client notices
 * neither when one of them dies of an exception that it does not expect nor of an {@link Error},
 * and the connection looks healthy for minutes. Here somebody hears of it at once. Thread-safe.
 */
final class ClientThreads extends ThreadPoolExecutor {

  private static final long KEPT_FOR_MS = 500;

  private final Consumer<Throwable> died;

  /**
   * No threads yet.
   *
   * @param died called on the dying thread with what it dies of; must return soon and not throw
   */
  ClientThreads(String name, Consumer<Throwable> died) {
    super(
        0,
        Integer.MAX_VALUE,
        KEPT_FOR_MS,
        TimeUnit.MILLISECONDS,
        new SynchronousQueue<>(),
        threads(name));
    this.died = died;
  }

  @Override
  protected <T> RunnableFuture<T> newTaskFor(Runnable task, T result) {
    return super.newTaskFor(() -> run(task), result);
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      died.accept(e);
      throw e;
    }
  }

  private static CustomizableThreadFactory threads(String name) {
    CustomizableThreadFactory threads = new CustomizableThreadFactory(name + "-");
    threads.setDaemon(true);
    return threads;
  }
}
