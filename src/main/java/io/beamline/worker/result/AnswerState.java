package io.beamline.worker.result;

import org.jspecify.annotations.Nullable;

/**
 * The state of an answer. Each method is an event. It returns the next state, or null if the event
 * comes too early or too late and changes nothing. Immutable.
 *
 * <pre>
 * NoAck --decide--> AckPublishing --ackStored--> AwaitingResult
 *                        |                            | finish
 *                        |                            v
 *                        '--ackStored, if finished--> ResultPublishing --messageStored--> Settled
 * </pre>
 *
 * Until both the ack and the final messages are set, the assignment may be handed back instead,
 * which leads to {@link Released}.
 */
sealed interface AnswerState {

  /**
   * The ack is decided.
   *
   * @param finalMessages set with a rejection, null with an acceptance
   */
  default @Nullable AnswerState decide(
      AckDecision decision, @Nullable FinalMessages finalMessages) {
    return null;
  }

  /** The final messages are set. */
  default @Nullable AnswerState finish(FinalMessages finalMessages) {
    return null;
  }

  /** The server confirmed the ack. */
  default @Nullable AnswerState ackStored() {
    return null;
  }

  /** The server confirmed the result or the dead letter. */
  default @Nullable AnswerState messageStored() {
    return null;
  }

  /** The worker gives the assignment up. */
  default @Nullable AnswerState handBack() {
    return null;
  }

  /**
   * There is no ack yet.
   *
   * @param early the final messages of a step that ended before its ack was decided, else null
   */
  record NoAck(@Nullable FinalMessages early) implements AnswerState {

    @Override
    public AnswerState decide(AckDecision decision, @Nullable FinalMessages finalMessages) {
      return new AckPublishing(decision, finalMessages == null ? early : finalMessages);
    }

    @Override
    public @Nullable AnswerState finish(FinalMessages finalMessages) {
      return early == null ? new NoAck(finalMessages) : null;
    }

    @Override
    public AnswerState handBack() {
      return Released.INSTANCE;
    }
  }

  /**
   * The ack is published and not yet confirmed.
   *
   * @param finalMessages what to publish after the ack is confirmed, null if not set yet
   */
  record AckPublishing(AckDecision decision, @Nullable FinalMessages finalMessages)
      implements AnswerState {

    @Override
    public @Nullable AnswerState finish(FinalMessages given) {
      return finalMessages == null ? new AckPublishing(decision, given) : null;
    }

    @Override
    public AnswerState ackStored() {
      return finalMessages == null
          ? new AwaitingResult(decision)
          : ResultPublishing.of(decision, finalMessages);
    }

    @Override
    public @Nullable AnswerState handBack() {
      return finalMessages == null ? Released.INSTANCE : null;
    }
  }

  /** The server confirmed the ack, and the step has not ended. */
  record AwaitingResult(AckDecision decision) implements AnswerState {

    @Override
    public AnswerState finish(FinalMessages finalMessages) {
      return ResultPublishing.of(decision, finalMessages);
    }

    @Override
    public AnswerState handBack() {
      return Released.INSTANCE;
    }
  }

  /**
   * The final messages are published and not all confirmed.
   *
   * @param unconfirmed the number of messages without confirmation, from 1
   */
  record ResultPublishing(AckDecision decision, FinalMessages finalMessages, int unconfirmed)
      implements AnswerState {

    static AnswerState of(AckDecision decision, FinalMessages finalMessages) {
      int messages = finalMessages.messages().size();
      return messages == 0
          ? new Settled(decision, finalMessages)
          : new ResultPublishing(decision, finalMessages, messages);
    }

    @Override
    public AnswerState messageStored() {
      return unconfirmed == 1
          ? new Settled(decision, finalMessages)
          : new ResultPublishing(decision, finalMessages, unconfirmed - 1);
    }
  }

  /** The server confirmed every message. */
  record Settled(AckDecision decision, FinalMessages finalMessages) implements AnswerState {}

  /** The worker gave the assignment up, or another answer to it is known. */
  record Released() implements AnswerState {

    /** Allocated early, because an assignment is handed back when memory is short. */
    static final Released INSTANCE = new Released();
  }
}
