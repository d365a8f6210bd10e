package io.beamline.worker.deadletter;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What became of one letter. */
sealed interface Outcome {

  /**
   * It is assigned anew.
   *
   * @param assignmentId under this id
   * @param oldId instead of this one
   */
  record Replayed(String assignmentId, String oldId) implements Outcome {}

  /**
   * It would be assigned anew.
   *
   * @param assignmentId under this id
   * @param oldId instead of this one
   */
  record Possible(String assignmentId, String oldId) implements Outcome {}

  /**
   * It had been before.
   *
   * @param assignmentId under this id
   * @param at when that was noted; null when it is noted only now
   */
  record Before(String assignmentId, @Nullable Instant at) implements Outcome {}

  /**
   * It cannot be.
   *
   * @param why to follow its number
   */
  record Impossible(String why) implements Outcome {}
}
