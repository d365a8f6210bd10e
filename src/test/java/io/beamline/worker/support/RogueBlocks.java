package io.beamline.worker.support;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.BlockType;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.ResourcePool;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.springframework.context.annotation.Bean;

/**
 * Blocks that do what no block may do, as a plug-in of a packaged worker. They are in the worker's
 * JVM, where no other class of the tests is.
 */
public class RogueBlocks {

  @Bean
  Block throwing() {
    return new Rogue(
        "rogue.exception",
        call -> {
          throw new IllegalStateException("nobody expected that");
        });
  }

  @Bean
  Block overflowing() {
    return new Rogue("rogue.stack", call -> Outputs.of(Map.of("depth", overflow(0))));
  }

  @Bean
  Block incomplete() {
    return new Rogue(
        "rogue.missing",
        call -> {
          throw new NoClassDefFoundError("com/example/Gone");
        });
  }

  @Bean
  Block deaf() {
    return new Rogue("rogue.loop", RogueBlocks::loop);
  }

  @Bean
  Block leaking() {
    return new Rogue("rogue.threads", RogueBlocks::leak);
  }

  @Bean
  @SuppressWarnings({"NullAway", "DataFlowIssue"}) // the null is the point
  Block empty() {
    return new Rogue("rogue.null", call -> null);
  }

  @Bean
  Block listing() {
    return new Rogue("rogue.array", call -> new Outputs.RawObject(new RawJson("[1]")));
  }

  @Bean
  Block unwritable() {
    return new Rogue("rogue.unwritable", call -> Outputs.of(Map.of("value", new Unwritable())));
  }

  @Bean
  Block large() {
    return new Rogue("rogue.large", call -> Outputs.of(Map.of("text", "x".repeat(2_000_000))));
  }

  private static int overflow(int depth) {
    return depth < 0 ? depth : overflow(depth + 1) + 1;
  }

  /** Computes for so many milliseconds, and asks nobody whether it should. */
  private static Outputs loop(BlockCall call) throws StepFailure {
    long nanos = call.inputs().wholeNumber("ms", 0, 60_000, 1_000) * 1_000_000;
    long begun = System.nanoTime();
    long rounds = 0;
    while (System.nanoTime() - begun < nanos) {
      rounds++;
    }
    return Outputs.of(Map.of("rounds", rounds));
  }

  private static Outputs leak(BlockCall call) throws StepFailure {
    long threads = call.inputs().wholeNumber("threads", 0, 1_000, 1);
    for (int i = 0; i < threads; i++) {
      Thread.ofPlatform().daemon().name("leaked-" + i).start(RogueBlocks::sleepForever);
    }
    return Outputs.of(Map.of("threads", threads));
  }

  private static void sleepForever() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What a rogue does in an attempt. */
  @FunctionalInterface
  private interface Mischief {
    Outputs run(BlockCall call) throws StepFailure;
  }

  private record Rogue(String name, Mischief mischief) implements Block {

    @Override
    public BlockType type() {
      return new BlockType(name, List.of(), ResourcePool.CPU);
    }

    @Override
    public Outputs run(BlockCall call) throws StepFailure {
      return mischief.run(call);
    }
  }

  /** A value of a type that outputs do not know. */
  private static final class Unwritable {

    @Override
    public String toString() {
      throw new IllegalStateException("there is no text for it");
    }
  }
}
