package io.beamline.worker.block;

import static io.beamline.worker.contract.ErrorCode.INTERNAL_ERROR;
import static io.beamline.worker.contract.ErrorCode.INVALID_FORMAT;
import static io.beamline.worker.contract.ErrorCode.INVALID_INPUT;
import static io.beamline.worker.contract.ErrorCode.MISSING_REQUIRED_FIELD;

import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.json.RecordJson;
import io.beamline.worker.contract.json.RecordJson.Reading;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A block whose inputs and outputs are records. The inputs are read from the payload and checked
 * before {@link #run(Record, BlockCall)} is called (contract section 4):
 *
 * <ul>
 *   <li>A component that is a primitive, or has {@code @NotNull}, {@code @NotBlank} or
 *       {@code @NotEmpty}, is required: without it the attempt fails with MISSING_REQUIRED_FIELD.
 *       Every other component is null if the payload does not have it.
 *   <li>A value of another type, and one that breaks another constraint of Jakarta Validation, is
 *       INVALID_INPUT. Records inside of records are checked where {@code @Valid} is, also as
 *       {@code List<@Valid Line>}.
 *   <li>A text that has not the form of its component's type, such as a date or base64, is
 *       INVALID_FORMAT.
 * </ul>
 *
 * <p>None of these is retried. {@code error.details.field} names the field by its path; nothing
 * repeats a value. Implementations must be thread-safe.
 *
 * @param <I> the inputs
 * @param <O> the outputs
 */
public abstract class TypedBlock<I extends Record, O extends Record> implements Block {

  private final BlockType type;
  private final Class<I> inputs;

  /**
   * Creates the block.
   *
   * @param type its names and its pool
   * @param inputs the record of its inputs
   */
  protected TypedBlock(BlockType type, Class<I> inputs) {
    this.type = type;
    this.inputs = inputs;
    Constraints.prepare(inputs);
  }

  @Override
  public final BlockType type() {
    return type;
  }

  @Override
  public String inputName(String nameOrAlias) {
    return RecordJson.fieldOfAlias(inputs, nameOrAlias);
  }

  @Override
  public final Outputs run(BlockCall call) throws StepFailure, InterruptedException {
    @Nullable O outputs = run(read(call), call);
    if (outputs == null) {
      throw StepFailure.of(INTERNAL_ERROR, "The block returned no outputs");
    }
    return new Outputs.RawObject(RecordJson.write(outputs));
  }

  /**
   * Runs one attempt, as {@link Block#run(BlockCall)} does.
   *
   * @param inputs the inputs, which keep all constraints
   * @return the outputs, never null
   * @throws StepFailure for every failure that the block recognizes
   * @throws InterruptedException when the thread was interrupted
   */
  protected abstract O run(I inputs, BlockCall call) throws StepFailure, InterruptedException;

  private I read(BlockCall call) throws StepFailure {
    return switch (RecordJson.read(call.payload(), inputs)) {
      case Reading.Done<I>(I value) -> Constraints.checked(value);
      case Reading.Faulty<I>(RecordJson.ReadingFault fault, String field) ->
          throw switch (fault) {
            case MISSING ->
                StepFailure.of(
                    MISSING_REQUIRED_FIELD, "A required input is missing", Map.of("field", field));
            case WRONG_TYPE ->
                StepFailure.of(
                    INVALID_INPUT, "An input has the wrong type", Map.of("field", field));
            case WRONG_FORMAT ->
                StepFailure.of(
                    INVALID_FORMAT, "An input has the wrong form", Map.of("field", field));
          };
    };
  }
}
