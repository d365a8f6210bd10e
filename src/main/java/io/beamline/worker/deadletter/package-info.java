/**
 * Dead letters in the hands of an operator (contract section 7): {@code LetterSession} lists, shows
 * and replays them for the commands, {@code LetterOperations} for requests over HTTP, each over one
 * connection to NATS. Text for a terminal or JSON goes out, and for a replay a new assignment.
 * {@code ReplayLog} records each replay, so that a letter is replayed at most once.
 */
@NullMarked
package io.beamline.worker.deadletter;

import org.jspecify.annotations.NullMarked;
