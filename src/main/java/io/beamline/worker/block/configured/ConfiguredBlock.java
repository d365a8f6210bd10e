package io.beamline.worker.block.configured;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.BlockType;
import io.beamline.worker.block.InputPlace;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.Outputs;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A step type by configuration: another block, with inputs of the operator's. Everything that is
 * not said about the type is as with that block. Thread-safe.
 */
final class ConfiguredBlock implements Block {

  private final BlockType type;
  private final Block block;
  private final ConfiguredInputs inputs;
  private final ConfiguredResult result;
  private final @Nullable Duration timeout;

  /**
   * Creates a type.
   *
   * @param timeout the longest time of one operation; null: that of the block
   */
  ConfiguredBlock(
      BlockType type,
      Block block,
      ConfiguredInputs inputs,
      ConfiguredResult result,
      @Nullable Duration timeout) {
    this.type = type;
    this.block = block;
    this.inputs = inputs;
    this.result = result;
    this.timeout = timeout;
  }

  @Override
  public BlockType type() {
    return type;
  }

  @Override
  public Outputs run(BlockCall call) throws StepFailure, InterruptedException {
    return result.of(block.run(ofBlock(call)));
  }

  private BlockCall ofBlock(BlockCall call) throws StepFailure {
    return call.with(
        inputs.of(call),
        timeout == null ? call.timeouts() : call.timeouts().withOperation(timeout));
  }

  @Override
  public @Nullable String destination(BlockCall call) {
    try {
      return block.destination(ofBlock(call));
    } catch (StepFailure e) {
      return null;
    }
  }

  @Override
  public String inputName(String nameOrAlias) {
    return block.inputName(nameOrAlias);
  }

  @Override
  public InputPlace place(String input) {
    return block.place(input);
  }

  @Override
  public boolean hasEffects() {
    return block.hasEffects();
  }

  @Override
  public int capacity(String destination) {
    return block.capacity(destination);
  }

  @Override
  public int hanging(String destination) {
    return block.hanging(destination);
  }

  @Override
  public ErrorCode unavailable() {
    return block.unavailable();
  }
}
