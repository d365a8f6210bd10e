package io.beamline.worker.block;

import io.beamline.worker.contract.ResourcePool;
import java.util.List;

/**
 * The names of a block and the pool its steps run in (contract section 4). Immutable.
 *
 * @param name the canonical name; the {@code step_type} of metrics
 * @param aliases further names an assignment may use
 * @param pool where its steps run
 */
public record BlockType(String name, List<String> aliases, ResourcePool pool) {}
