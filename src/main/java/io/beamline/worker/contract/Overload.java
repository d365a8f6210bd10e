package io.beamline.worker.contract;

/**
 * How full a pool's queue is. Messages have it if queue management is on (W3-4.2, contract section
 * 5). Immutable.
 *
 * @param status {@code healthy}, {@code degraded}, {@code overloaded} or {@code critical}
 * @param queueDepth the number of steps that wait, 0 or more
 */
public record Overload(String status, int queueDepth) {}
