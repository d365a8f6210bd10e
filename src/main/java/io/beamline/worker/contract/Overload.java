package io.beamline.worker.contract;

/**
 * How full a pool's queue was, for messages with queue management on (W3-4.2). Immutable.
 *
 * @param status {@code healthy}, {@code degraded}, {@code overloaded} or {@code critical}
 * @param queueDepth steps that waited
 */
public record Overload(String status, int queueDepth) {}
