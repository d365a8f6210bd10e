package io.beamline.worker.deadletter;

/** What an operator asks for. */
sealed interface Command {

  /** How the commands are called. */
  record Help() implements Command {}

  /** A line for each letter that matches. */
  record List(Filter filter) implements Command {}

  /**
   * One letter as a whole.
   *
   * @param id its number in the stream, or an assignment's id
   * @param reveal whether values that are secret by name are shown
   */
  record Show(String id, boolean reveal) implements Command {}

  /**
   * One letter is assigned anew.
   *
   * @param id its number in the stream, or an assignment's id
   * @param dryRun whether it is only said what would be done
   */
  record ReplayOne(String id, boolean dryRun) implements Command {}

  /**
   * Every letter that matches is assigned anew.
   *
   * @param filter which
   * @param dryRun whether it is only said what would be done
   */
  record ReplayAll(Filter filter, boolean dryRun) implements Command {}
}
