package io.beamline.worker.kit;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.StepError;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One attempt on a thread of its own, in a group in which the threads that it starts are found.
 * Used by one thread, once.
 */
final class AttemptThread {

  private static final Duration LEAK_PATIENCE = Duration.ofSeconds(1);

  private final Block block;
  private final BlockCall call;
  private final Duration patience;
  private final boolean keepsThreads;
  private final ThreadGroup group = new ThreadGroup("block-run");
  private final CompletableFuture<Ending> own = new CompletableFuture<>();
  private final Thread thread = new Thread(group, this::attempt, "block-run");

  /**
   * Creates the attempt.
   *
   * @param patience how long it may go on after its interrupt
   * @param keepsThreads whether it may leave threads behind
   */
  AttemptThread(Block block, BlockCall call, Duration patience, boolean keepsThreads) {
    this.block = block;
    this.call = call;
    this.patience = patience;
    this.keepsThreads = keepsThreads;
    thread.setDaemon(true);
  }

  /** How an attempt ended. */
  sealed interface Ending {

    /** With these outputs. */
    record Returned(@Nullable Outputs outputs) implements Ending {}

    /** With a failure that the block recognized. */
    record Failed(StepFailure failure) implements Ending {}

    /** With anything else that it threw. */
    record Died(Throwable thrown, String message) implements Ending {}

    /** Its step ended first. */
    record Concluded(StepError error) implements Ending {}

    /** It was interrupted, because its time was over. */
    record Cut() implements Ending {}
  }

  /**
   * Runs the attempt.
   *
   * @param time when it is interrupted if it has not ended
   * @param beforeInterrupt called right before that
   * @throws AssertionError if it goes on after the interrupt, or leaves threads behind
   */
  Ending run(Duration time, Runnable beforeInterrupt) {
    thread.start();
    boolean cut = !endsWithin(thread, time);
    if (cut) {
      beforeInterrupt.run();
      thread.interrupt();
      if (!endsWithin(thread, patience)) {
        throw complaint("The block still runs %s after its interrupt".formatted(patience), thread);
      }
    }
    if (!keepsThreads) {
      checkLeaks();
    }
    return cut ? new Ending.Cut() : own.join();
  }

  private void attempt() {
    try {
      own.complete(new Ending.Returned(block.run(call)));
    } catch (StepFailure failure) {
      own.complete(new Ending.Failed(failure));
    } catch (RuntimeException e) {
      own.complete(new Ending.Died(e, "The block failed unexpectedly"));
    } catch (InterruptedException e) {
      own.complete(new Ending.Died(e, "The block ended as interrupted, but nobody did that"));
    } catch (Throwable e) {
      own.complete(new Ending.Died(e, "The block died of an Error, or the worker failed"));
    }
  }

  private void checkLeaks() {
    for (Thread left : started()) {
      if (!endsWithin(left, LEAK_PATIENCE)) {
        throw complaint(
            "The attempt has ended, but the thread '%s' that it started goes on"
                .formatted(left.getName()),
            left);
      }
    }
  }

  private List<Thread> started() {
    Thread[] found = new Thread[group.activeCount() + 16];
    int count = group.enumerate(found);
    return Stream.of(found).limit(count).filter(Objects::nonNull).toList();
  }

  private static boolean endsWithin(Thread thread, Duration time) {
    try {
      return thread.join(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the test was interrupted", e);
    }
  }

  private static AssertionError complaint(String text, Thread thread) {
    AssertionError error = new AssertionError(text);
    StackTraceElement[] where = thread.getStackTrace();
    error.setStackTrace(Arrays.copyOf(where, where.length));
    return error;
  }
}
