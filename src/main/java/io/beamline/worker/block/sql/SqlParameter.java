package io.beamline.worker.block.sql;

import io.beamline.worker.contract.RawJson;
import java.math.BigDecimal;

/** The value of a parameter, as JSON has it. Immutable. */
sealed interface SqlParameter {

  /** A JSON string. */
  record TextParameter(String value) implements SqlParameter {}

  /** A whole number that fits. */
  record WholeParameter(long value) implements SqlParameter {}

  /** Any other number, exactly. */
  record DecimalParameter(BigDecimal value) implements SqlParameter {}

  /** A JSON boolean. */
  record BooleanParameter(boolean value) implements SqlParameter {}

  /** JSON null. */
  record NullParameter() implements SqlParameter {}

  /** A JSON object. */
  record ObjectParameter(RawJson json) implements SqlParameter {}

  /** A JSON array. */
  record ArrayParameter(RawJson json) implements SqlParameter {}
}
