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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs file operations on threads of its own, so that a hanging file system costs a file thread and
 * not a step's (contract section 5). The threads are daemons: a stuck one never keeps the worker
 * alive. Thread-safe.
 */
public final class FileService implements AutoCloseable {

  /**
   * How long a caller waits, past its time, for a result that is just becoming visible. A part of
   * what the contract allows, so that the answer is in time as well, and less than the time after
   * which a step is cut at its deadline.
   */
  private static final long COMMIT_GRACE_MS = 30;

  private static final long IDLE_SECONDS = 60;
  private static final long CLOSE_SECONDS = 1;

  private final int threads;
  private final AtomicInteger stuck = new AtomicInteger();
  private final ThreadPoolExecutor executor;

  /**
   * @param threads how many operations run at once, at least 1
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

  /** Threads whose operation was given up but has not come back, 0 to the number of threads. */
  public int stuckThreads() {
    return Math.clamp(stuck.get(), 0, threads);
  }

  /** Operations that wait for a thread, 0 or more. */
  int waiting() {
    return executor.getQueue().size();
  }

  /**
   * Runs an operation and waits for its end, for its time limit, or for an interrupt.
   *
   * @param path the path as the job gave it, for the details of a failure
   * @throws StepFailure the operation's failure; CANCELLED_BY_TIMEOUT when the time is up;
   *     RESOURCE_UNAVAILABLE when all threads are stuck and there is a limit, which ends the step,
   *     or after the close
   * @throws InterruptedException when the calling thread was interrupted; the operation is
   *     abandoned
   */
  <T> T run(TimeLimit limit, String path, FileOperation<T> operation)
      throws StepFailure, InterruptedException {
    refuseWhenHopeless(limit, path);
    FileTask<T> task = new FileTask<>(operation, stuck);
    FutureTask<T> future = new FutureTask<>(task);
    try {
      executor.execute(future);
      return limit.unlimited() ? future.get() : future.get(limit.time().toNanos(), NANOSECONDS);
    } catch (TimeoutException e) {
      return giveUp(limit, path, task, future);
    } catch (InterruptedException e) {
      leave(task, future);
      throw e;
    } catch (ExecutionException e) {
      throw failure(e, path);
    } catch (CancellationException | RejectedExecutionException e) {
      throw stopping(path);
    }
  }

  /**
   * Takes no more operations and waits at most a second for what runs. Callers that wait for a
   * queued operation get a failure.
   */
  @Override
  public void close() {
    executor.shutdown();
    List<Runnable> queued = new ArrayList<>();
    executor.getQueue().drainTo(queued);
    queued.forEach(FileService::cancel);
    try {
      if (stuckThreads() < executor.getActiveCount()) {
        executor.awaitTermination(CLOSE_SECONDS, SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void refuseWhenHopeless(TimeLimit limit, String path) throws StepFailure {
    if (limit.time().isZero()) {
      throw limit.exceeded();
    }
    if (!limit.unlimited() && stuckThreads() >= threads) {
      throw FileFailures.allThreadsStuck(path, threads);
    }
  }

  private <T> T giveUp(TimeLimit limit, String path, FileTask<T> task, FutureTask<T> future)
      throws StepFailure, InterruptedException {
    if (task.abandon()) {
      cancel(future);
      throw limit.exceeded();
    }
    try {
      return future.get(COMMIT_GRACE_MS, MILLISECONDS);
    } catch (TimeoutException e) {
      leave(task, future);
      throw limit.exceeded();
    } catch (InterruptedException e) {
      leave(task, future);
      throw e;
    } catch (ExecutionException e) {
      throw failure(e, path);
    }
  }

  private void leave(FileTask<?> task, FutureTask<?> future) {
    if (task.abandon()) {
      cancel(future);
    } else {
      // The result is becoming visible, and is to do so as a whole.
      task.abandonClaimed();
    }
  }

  /**
   * Without an interrupt, and so is the close: who interrupts a thread in a file channel closes the
   * channel in its stead, and hangs where the thread does. The operation notices by itself.
   */
  private void cancel(FutureTask<?> future) {
    future.cancel(false);
    executor.remove(future);
  }

  private static void cancel(Runnable queued) {
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

  private static StepFailure stopping(String path) {
    return StepFailure.of(
        ErrorCode.RESOURCE_UNAVAILABLE, "The file service is closed", Map.of("path", path));
  }
}
