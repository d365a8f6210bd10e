package io.beamline.worker.deadletter;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The outcome of one letter's replay, or of its dry run. Immutable. */
sealed interface ReplayOutcome {

  /**
   * The letter was replayed now.
   *
   * @param assignmentId the id of the new assignment
   * @param oldId the id of the assignment it repeats
   */
  record Replayed(String assignmentId, String oldId) implements ReplayOutcome {}

  /**
   * The letter can be replayed.
   *
   * @param assignmentId the id that the new assignment would have
   * @param oldId the id of the assignment it repeats
   */
  record Possible(String assignmentId, String oldId) implements ReplayOutcome {}

  /**
   * The letter was replayed by an earlier command.
   *
   * @param assignmentId the id of the new assignment
   * @param at when the earlier command recorded it; null when only this command has recorded it
   */
  record AlreadyReplayed(String assignmentId, @Nullable Instant at) implements ReplayOutcome {}

  /**
   * The letter cannot be replayed.
   *
   * @param why the reason, a part of a sentence
   */
  record Impossible(String why) implements ReplayOutcome {}
}
