package io.beamline.worker.result;

/**
 * What works on an assignment whose answer is not complete: its step. It is found by the id of the
 * assignment, without an index of its own.
 */
public interface Underway {}
