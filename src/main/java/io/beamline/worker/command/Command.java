package io.beamline.worker.command;

import io.beamline.worker.contract.RawJson;
import io.beamline.worker.deadletter.LetterFilter;
import org.jspecify.annotations.Nullable;

/** A command of an operator. Immutable. */
sealed interface Command {

  /**
   * Prints help.
   *
   * @param text the help text
   */
  record Help(String text) implements Command {}

  /** Prints the version. */
  record Version() implements Command {}

  /** Checks the settings, and what the worker needs. */
  record Check() implements Command {}

  /** A command that needs a connection to NATS. */
  sealed interface Work extends Command {}

  /** A command for dead letters. */
  sealed interface LetterWork extends Work {}

  /**
   * Assigns a step by hand.
   *
   * @param type the type of the step
   * @param payload its inputs
   * @param tenant its tenant
   * @param answers whether to wait for its ack and its result
   */
  record AssignStep(String type, RawJson payload, String tenant, boolean answers) implements Work {}

  /**
   * Publishes a request to cancel an assignment.
   *
   * @param id the assignment
   * @param tenant its tenant
   * @param reason a text for people; null if there is none
   */
  record CancelAssignment(String id, String tenant, @Nullable String reason) implements Work {}

  /** Lists the letters that match, one per line. */
  record ListLetters(LetterFilter filter) implements LetterWork {}

  /**
   * Shows a whole letter.
   *
   * @param id the letter's number in the stream, or its assignment's id
   * @param reveal whether to show values that are secret by name
   */
  record ShowLetter(String id, boolean reveal) implements LetterWork {}

  /**
   * Replays one letter.
   *
   * @param id the letter's number in the stream, or its assignment's id
   * @param dryRun whether only to print what would be done
   */
  record ReplayOne(String id, boolean dryRun) implements LetterWork {}

  /**
   * Replays all letters that match.
   *
   * @param dryRun whether only to print what would be done
   */
  record ReplayAll(LetterFilter filter, boolean dryRun) implements LetterWork {}
}
