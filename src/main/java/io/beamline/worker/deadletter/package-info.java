/**
 * The commands of the jar that list, show and replay dead letters (contract section 7), and that
 * cancel assignments. A command line and the worker's settings come in. {@code CommandParser} reads
 * the command line, {@code CommandSession} runs the command over one connection to NATS. Text for a
 * terminal goes out, and for a replay a new assignment. {@code ReplayLog} records each replay, so
 * that a letter is replayed at most once.
 */
@NullMarked
package io.beamline.worker.deadletter;

import org.jspecify.annotations.NullMarked;
