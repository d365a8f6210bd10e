package io.beamline.worker.block;

import io.beamline.worker.contract.ResourcePool;
import java.util.List;

/**
 * The names of a block and the pool that runs its steps (contract section 4). Immutable.
 *
 * @param name the canonical name, which metrics show as {@code step_type}
 * @param aliases other names that an assignment may use
 * @param pool the pool that runs its steps
 */
public record BlockType(String name, List<String> aliases, ResourcePool pool) {}
