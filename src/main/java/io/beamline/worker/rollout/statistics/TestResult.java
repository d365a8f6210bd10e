package io.beamline.worker.rollout.statistics;

/**
 * What a statistical test says.
 *
 * @param test its name, for a person
 * @param p how likely a difference as large as this or larger is by chance alone; two-sided, 0 to 1
 */
public record TestResult(String test, double p) {}
