package io.beamline.worker.feature;

/**
 * The store of this worker: the one that the fleet shares if the settings say so, else one in its
 * memory.
 */
public record StoreInUse(FlagStore store) {}
