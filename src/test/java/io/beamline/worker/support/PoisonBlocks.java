package io.beamline.worker.support;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.BlockType;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.ResourcePool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Bean;

/**
 * The blocks of {@link Poison}: {@code poison.assert}, {@code poison.stack} and {@code
 * poison.memory} die of an {@code Error}, and {@code poison.kill} ends the whole process each time.
 * They are in the worker's JVM, where no other class of the tests is.
 */
public class PoisonBlocks {

  @Bean
  Block failingAssertion() {
    return new Poison("poison.assert", PoisonBlocks::failAssertion);
  }

  @Bean
  Block overflowingStack() {
    return new Poison("poison.stack", () -> overflow(0));
  }

  @Bean
  Block exhaustingMemory() {
    return new Poison("poison.memory", PoisonBlocks::exhaust);
  }

  @Bean
  Block killing() {
    return new Poison("poison.kill", () -> Runtime.getRuntime().halt(137));
  }

  private static void failAssertion() {
    throw new AssertionError("poison");
  }

  private static int overflow(int depth) {
    return depth < 0 ? depth : overflow(depth + 1) + 1;
  }

  private static void exhaust() {
    List<long[]> kept = new ArrayList<>();
    for (int i = 0; i < Integer.MAX_VALUE; i++) {
      kept.add(new long[Integer.MAX_VALUE / 8]);
    }
    throw new IllegalStateException("there is room for " + kept.size());
  }

  private record Poison(String name, Runnable harm) implements Block {

    @Override
    public BlockType type() {
      return new BlockType(name, List.of(), ResourcePool.CPU);
    }

    @Override
    public Outputs run(BlockCall call) throws StepFailure {
      harm.run();
      return Outputs.of(Map.of());
    }
  }
}
