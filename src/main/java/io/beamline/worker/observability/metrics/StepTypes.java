package io.beamline.worker.observability.metrics;

import java.util.List;

/**
 * The canonical names of all blocks: the values that the label {@code step_type} can have.
 *
 * @param names each once, such as {@code http.request}
 */
public record StepTypes(List<String> names) {}
