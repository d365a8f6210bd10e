package io.beamline.worker.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A step type by configuration: {@code worker.types.<name>} (contract section 4). {@link
 * StepTypeSettings} has read and checked it. Immutable.
 *
 * @param block the name of the block that runs it
 * @param inputs inputs of the block that win over those of an assignment; values are texts,
 *     booleans, numbers, and lists and maps of these
 * @param payloadAs the input that is the whole payload of an assignment; empty: the payload's
 *     fields are inputs
 * @param outputsFrom a JSON pointer to the object in the block's outputs that becomes the result;
 *     empty: all of them
 * @param aliases other names that an assignment may use
 * @param retry settings of {@code worker.retry} that differ for this type
 * @param timeout the longest time of one operation, 1 ms to 1 h; null: that of the block
 * @param cost a number that is 0 or more, or a JSON pointer into the result; empty: 0
 */
public record StepTypeProperties(
    @DefaultValue("") String block,
    @DefaultValue Map<String, Object> inputs,
    @DefaultValue("") String payloadAs,
    @DefaultValue("") String outputsFrom,
    @DefaultValue List<String> aliases,
    @DefaultValue Map<String, String> retry,
    @Nullable Duration timeout,
    @DefaultValue("") String cost) {

  /** Returns the block only: inputs may have secrets. */
  @Override
  public String toString() {
    return "StepTypeProperties[block=" + block + "]";
  }
}
