package io.beamline.worker.deadletter;

/** What an operator asks for. */
sealed interface Command {

  /**
   * How the commands are called.
   *
   * @param text the lines to print
   */
  record Help(String text) implements Command {}

  /** What is done with letters. */
  sealed interface Work extends Command {}

  /** A line for each letter that matches. */
  record List(Filter filter) implements Work {}

  /**
   * One letter as a whole.
   *
   * @param id its number in the stream, or an assignment's id
   * @param reveal whether values that are secret by name are shown
   */
  record Show(String id, boolean reveal) implements Work {}

  /**
   * One letter is assigned anew.
   *
   * @param id its number in the stream, or an assignment's id
   * @param dryRun whether it is only said what would be done
   */
  record ReplayOne(String id, boolean dryRun) implements Work {}

  /**
   * Every letter that matches is assigned anew.
   *
   * @param filter which
   * @param dryRun whether it is only said what would be done
   */
  record ReplayAll(Filter filter, boolean dryRun) implements Work {}
}
