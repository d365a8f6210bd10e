package io.beamline.worker.result;

import org.jspecify.annotations.Nullable;

/**
 * How far an answer is. Each method is what may happen to it and gives the state that follows, null
 * when it comes too late or too early and changes nothing. Immutable.
 *
 * <pre>
 * Undecided --ack given--> Decided --ack stored--> Running --ending given--> Ended --stored--> Settled
 *                             '---- ending given: it follows the ack ---------^
 * </pre>
 *
 * Until both its ack and its ending are given it may be handed back instead, which is {@link Over}.
 */
sealed interface AnswerState {

  /** The ack is given; with the ending too it is a rejection, or an answer to a quick step. */
  default @Nullable AnswerState decide(Decision decision, @Nullable Ending ending) {
    return null;
  }

  /** The ending is given. */
  default @Nullable AnswerState end(Ending ending) {
    return null;
  }

  /** The server has the ack. */
  default @Nullable AnswerState ackStored() {
    return null;
  }

  /** The server has the result or the dead letter. */
  default @Nullable AnswerState stored() {
    return null;
  }

  /** The assignment goes back to the server, or another answer to it is known already. */
  default @Nullable AnswerState handBack() {
    return null;
  }

  /** No ack is given yet; a step may be so quick that its ending is. */
  record Undecided(@Nullable Ending early) implements AnswerState {

    @Override
    public AnswerState decide(Decision decision, @Nullable Ending ending) {
      return new Decided(decision, ending == null ? early : ending);
    }

    @Override
    public @Nullable AnswerState end(Ending ending) {
      return early == null ? new Undecided(ending) : null;
    }

    @Override
    public AnswerState handBack() {
      return Over.INSTANCE;
    }
  }

  /** The ack is on its way. */
  record Decided(Decision decision, @Nullable Ending ending) implements AnswerState {

    @Override
    public @Nullable AnswerState end(Ending given) {
      return ending == null ? new Decided(decision, given) : null;
    }

    @Override
    public AnswerState ackStored() {
      return ending == null ? new Running(decision) : Ended.of(decision, ending);
    }

    @Override
    public @Nullable AnswerState handBack() {
      return ending == null ? Over.INSTANCE : null;
    }
  }

  /** The server has the ack, and the ending is not known yet. */
  record Running(Decision decision) implements AnswerState {

    @Override
    public AnswerState end(Ending ending) {
      return Ended.of(decision, ending);
    }

    @Override
    public AnswerState handBack() {
      return Over.INSTANCE;
    }
  }

  /** The ending is on its way. */
  record Ended(Decision decision, Ending ending, int unstored) implements AnswerState {

    static AnswerState of(Decision decision, Ending ending) {
      int messages = ending.messages().size();
      return messages == 0 ? new Settled(decision, ending) : new Ended(decision, ending, messages);
    }

    @Override
    public AnswerState stored() {
      return unstored == 1
          ? new Settled(decision, ending)
          : new Ended(decision, ending, unstored - 1);
    }
  }

  /** The server has everything. */
  record Settled(Decision decision, Ending ending) implements AnswerState {}

  /** Handed back, or known already: nothing is owed here any more. */
  record Over() implements AnswerState {

    /** It exists already, because an assignment is handed back when memory is short. */
    static final Over INSTANCE = new Over();
  }
}
