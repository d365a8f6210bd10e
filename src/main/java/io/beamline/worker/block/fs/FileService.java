package io.beamline.worker.block.fs;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs file operations on its own threads, so that a hanging file system blocks a file thread and
 * not a slot (contract section 5). The threads are daemons, so a stuck one does not keep the
 * process alive. Thread-safe.
 */
public final class FileService implements AutoCloseable {

  /**
   * How long a caller waits after its timeout for an operation that is committing. It is shorter
   * than the grace of {@code DeadlineWatch}, which would cut the attempt meanwhile.
   */
  private static final long COMMIT_GRACE_MS = 30;

  private static final long IDLE_SECONDS = 60;
  private static final long CLOSE_SECONDS = 1;

  private final int threads;
  private final AtomicInteger stuck = new AtomicInteger();
  private final Map<String, StuckThreads> stuckByRoot = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor executor;

  /**
   * @param threads the number of operations that run at once, at least 1
   */
  FileService(int threads) {
    this.threads = threads;
    executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("file-", 1).factory());
    executor.allowCoreThreadTimeOut(true);
  }

  /**
   * Returns the number of threads whose operation was abandoned but still runs, from 0 to the
   * number of threads.
   */
  public int stuckThreads() {
    return Math.clamp(stuck.get(), 0, threads);
  }

  /** Returns the number of threads whose abandoned operation is below a root, 0 or more. */
  int stuckThreads(String root) {
    StuckThreads known = stuckByRoot.get(root);
    return known == null ? 0 : Math.max(0, known.ofRoot().get());
  }

  /** Returns the number of threads. */
  int threads() {
    return threads;
  }

  /** Returns the number of operations that wait for a thread. */
  int waiting() {
    return executor.getQueue().size();
  }

  /**
   * Runs an operation and waits until it ends, its time limit expires, or the caller is
   * interrupted.
   *
   * @param path the path as the job gave it, for the details of a failure
   * @param root the root of the path
   * @throws StepFailure the operation's failure; CANCELLED_BY_TIMEOUT if the limit expired;
   *     RESOURCE_UNAVAILABLE after the close, or, without a retry, if there is a limit and all
   *     threads are stuck
   * @throws InterruptedException if the calling thread was interrupted; the operation is then
   *     abandoned
   */
  <T> T run(TimeLimit limit, String path, String root, FileOperation<T> operation)
      throws StepFailure, InterruptedException {
    checkMayStart(limit, path);
    FileTask<T> task = new FileTask<>(operation, stuckThreadsOf(root));
    FutureTask<T> future = new FutureTask<>(task);
    try {
      executor.execute(future);
      return limit.unlimited() ? future.get() : future.get(limit.time().toNanos(), NANOSECONDS);
    } catch (TimeoutException e) {
      return afterTimeout(limit, path, task, future);
    } catch (InterruptedException e) {
      abandon(task, future);
      throw e;
    } catch (ExecutionException e) {
      throw failure(e, path);
    } catch (CancellationException | RejectedExecutionException e) {
      throw closed(path);
    }
  }

  /**
   * Rejects new operations and waits at most one second for running ones. Callers of queued
   * operations get a failure.
   */
  @Override
  public void close() {
    executor.shutdown();
    List<Runnable> queued = new ArrayList<>();
    executor.getQueue().drainTo(queued);
    queued.forEach(FileService::cancelRemoved);
    try {
      if (stuckThreads() < executor.getActiveCount()) {
        executor.awaitTermination(CLOSE_SECONDS, SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private StuckThreads stuckThreadsOf(String root) {
    return stuckByRoot.computeIfAbsent(root, any -> new StuckThreads(stuck, new AtomicInteger()));
  }

  /** Fails if no time is left, or if there is a limit and all threads are stuck. */
  private void checkMayStart(TimeLimit limit, String path) throws StepFailure {
    if (limit.time().isZero()) {
      throw limit.exceeded();
    }
    if (!limit.unlimited() && stuckThreads() >= threads) {
      throw FileFailures.allThreadsStuck(path, threads);
    }
  }

  private <T> T afterTimeout(TimeLimit limit, String path, FileTask<T> task, FutureTask<T> future)
      throws StepFailure, InterruptedException {
    if (task.abandon()) {
      cancel(future);
      throw limit.exceeded();
    }
    try {
      return future.get(COMMIT_GRACE_MS, MILLISECONDS);
    } catch (TimeoutException e) {
      abandon(task, future);
      throw limit.exceeded();
    } catch (InterruptedException e) {
      abandon(task, future);
      throw e;
    } catch (ExecutionException e) {
      throw failure(e, path);
    }
  }

  private void abandon(FileTask<?> task, FutureTask<?> future) {
    if (task.abandon()) {
      cancel(future);
    } else {
      // The operation is committing, and must finish the commit.
      task.abandonClaimed();
    }
  }

  /**
   * Cancels without an interrupt. An interrupt would close the file channel on this thread, and so
   * hang as the file thread does. The operation detects the cancellation at its next checkpoint.
   */
  private void cancel(FutureTask<?> future) {
    future.cancel(false);
    executor.remove(future);
  }

  private static void cancelRemoved(Runnable queued) {
    if (queued instanceof FutureTask<?> future) {
      future.cancel(false);
    }
  }

  private static StepFailure failure(ExecutionException thrown, String path) {
    return switch (thrown.getCause()) {
      case StepFailure failure -> failure;
      case IOException error -> FileFailures.of(error, path);
      case RuntimeException defect -> throw defect;
      case Error error -> throw error;
      case null, default -> throw new IllegalStateException(thrown.getCause());
    };
  }

  private static StepFailure closed(String path) {
    return StepFailure.of(
        ErrorCode.RESOURCE_UNAVAILABLE, "The file service is closed", Map.of("path", path));
  }
}
