package io.beamline.worker.contract;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** The JSON factory of the contract, with the limits of section 2. */
final class Json {

  /** The largest assignment, in bytes. */
  static final int MAX_MESSAGE_BYTES = 1024 * 1024;

  /** The deepest nesting of objects and arrays, the outermost included. */
  static final int MAX_DEPTH = 64;

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_MESSAGE_BYTES)
                  .maxNameLength(MAX_MESSAGE_BYTES)
                  .maxStringLength(MAX_MESSAGE_BYTES)
                  .build())
          .build();

  private Json() {}
}
