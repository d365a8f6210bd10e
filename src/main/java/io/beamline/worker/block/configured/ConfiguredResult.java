package io.beamline.worker.block.configured;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.config.StepTypeProperties;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.observability.logging.LogThrottle;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonPointer;

/** Makes the result of a configured type from the outputs of its block. Thread-safe. */
final class ConfiguredResult {

  private static final Logger log = LoggerFactory.getLogger(ConfiguredResult.class);

  private final String type;
  private final @Nullable JsonPointer outputsFrom;
  private final @Nullable JsonPointer costFrom;
  private final @Nullable Double fixedCost;
  private final LogThrottle throttle;

  /**
   * Creates it from settings that were checked.
   *
   * @param type the name of the type, for the log
   */
  ConfiguredResult(String type, StepTypeProperties settings, LogThrottle throttle) {
    this.type = type;
    this.outputsFrom = pointer(settings.outputsFrom());
    this.costFrom = pointer(settings.cost());
    this.fixedCost =
        costFrom != null || settings.cost().isEmpty() ? null : Double.valueOf(settings.cost());
    this.throttle = throttle;
  }

  private static @Nullable JsonPointer pointer(String text) {
    return text.startsWith("/") ? JsonPointer.compile(text) : null;
  }

  /**
   * Returns the result with its cost. The result then closes the outputs.
   *
   * @throws StepFailure EXECUTION_FAILED if the outputs have no object where the type looks for its
   *     result; the outputs are closed
   */
  Outputs of(Outputs outputs) throws StepFailure {
    if (outputsFrom != null) {
      Outputs part = part(outputs, outputsFrom);
      return new Outputs.Metered(part, cost(part, outputs), outputs::close);
    }
    return costFrom == null && fixedCost == null
        ? outputs
        : new Outputs.Metered(outputs, cost(outputs, outputs), () -> {});
  }

  private static Outputs part(Outputs outputs, JsonPointer pointer) throws StepFailure {
    Outputs part = OutputValue.object(OutputValue.find(outputs, pointer));
    if (part == null) {
      outputs.close();
      throw StepFailure.of(
          ErrorCode.EXECUTION_FAILED,
          "The outputs have no object where the type looks for its result",
          Map.of("outputs_from", pointer.toString()));
    }
    return part;
  }

  private double cost(Outputs shown, Outputs whole) {
    if (fixedCost != null) {
      return fixedCost;
    }
    if (costFrom == null) {
      return whole instanceof Outputs.Metered metered ? metered.cost() : 0;
    }
    Double cost = OutputValue.cost(OutputValue.find(shown, costFrom));
    if (cost == null) {
      throttle.log(
          log.atWarn().addKeyValue("step_type", type).addKeyValue("pointer", costFrom.toString()),
          "A result has no cost where its type looks for it: it counts as 0");
      return 0;
    }
    return cost;
  }
}
