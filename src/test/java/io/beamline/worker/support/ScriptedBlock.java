package io.beamline.worker.support;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.BlockType;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.ResourcePool;
import java.util.List;
import java.util.Map;

/**
 * A block that does what a test says.
 *
 * @param type its names and pool
 * @param script what it does
 */
public record ScriptedBlock(BlockType type, Script script) implements Block {

  /** What every script may answer. */
  public static final Outputs DONE = Outputs.of(Map.of("done", true));

  /** One block of the CPU pool, for {@link #assignment}. */
  public static List<ScriptedBlock> of(Script script) {
    BlockType type = new BlockType("scripted", List.of(), ResourcePool.CPU);
    return List.of(new ScriptedBlock(type, script));
  }

  /** An assignment for it. */
  public static Assignments assignment() {
    return Assignments.of("scripted");
  }

  @Override
  public Outputs run(BlockCall call) throws StepFailure, InterruptedException {
    return script.run(call);
  }

  /** One attempt. */
  public interface Script {
    Outputs run(BlockCall call) throws StepFailure, InterruptedException;
  }
}
