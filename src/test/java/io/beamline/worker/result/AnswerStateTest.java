package io.beamline.worker.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.ExecAssignmentAck.AckStatus;
import io.beamline.worker.result.AnswerState.AckPublishing;
import io.beamline.worker.result.AnswerState.AwaitingResult;
import io.beamline.worker.result.AnswerState.NoAck;
import io.beamline.worker.result.AnswerState.Released;
import io.beamline.worker.result.AnswerState.ResultPublishing;
import io.beamline.worker.result.AnswerState.Settled;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every transition of an answer, also those that must not be. */
class AnswerStateTest {

  private static final AckDecision ACK = decision(1);
  private static final AckDecision LATE_ACK = decision(2);
  private static final OutgoingMessage RESULT = message(OutgoingMessage.MessageKind.RESULT);
  private static final FinalMessages END = new FinalMessages(RESULT, null);
  private static final FinalMessages BOTH =
      new FinalMessages(RESULT, message(OutgoingMessage.MessageKind.DEAD_LETTER));
  private static final FinalMessages NOTHING = new FinalMessages(null, null);

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource
  void becomes(
      AnswerState state, String what, Function<AnswerState, ?> change, @Nullable Object expected) {
    assertThat(change.apply(state)).as(what).isEqualTo(expected);
  }

  static Stream<Arguments> becomes() {
    return Stream.of(
            states(
                new NoAck(null),
                new AckPublishing(ACK, null),
                new AckPublishing(ACK, NOTHING),
                new NoAck(BOTH),
                null,
                null,
                new Released()),
            states(
                new NoAck(END),
                new AckPublishing(ACK, END),
                new AckPublishing(ACK, NOTHING),
                null,
                null,
                null,
                new Released()),
            states(
                new AckPublishing(ACK, null),
                null,
                null,
                new AckPublishing(ACK, BOTH),
                new AwaitingResult(ACK),
                null,
                new Released()),
            states(
                new AckPublishing(ACK, END),
                null,
                null,
                null,
                new ResultPublishing(ACK, END, 1),
                null,
                null),
            states(
                new AckPublishing(ACK, BOTH),
                null,
                null,
                null,
                new ResultPublishing(ACK, BOTH, 2),
                null,
                null),
            states(
                new AckPublishing(ACK, NOTHING),
                null,
                null,
                null,
                new Settled(ACK, NOTHING),
                null,
                null),
            states(
                new AwaitingResult(ACK),
                null,
                null,
                new ResultPublishing(ACK, BOTH, 2),
                null,
                null,
                new Released()),
            states(
                new ResultPublishing(ACK, BOTH, 2),
                null,
                null,
                null,
                null,
                new ResultPublishing(ACK, BOTH, 1),
                null),
            states(
                new ResultPublishing(ACK, BOTH, 1),
                null,
                null,
                null,
                null,
                new Settled(ACK, BOTH),
                null),
            states(new Settled(ACK, END), null, null, null, null, null, null),
            states(new Released(), null, null, null, null, null, null))
        .flatMap(rows -> rows);
  }

  /** What follows in a state, null for nothing. */
  private static Stream<Arguments> states(
      AnswerState state,
      @Nullable AnswerState accepted,
      @Nullable AnswerState rejected,
      @Nullable AnswerState ended,
      @Nullable AnswerState ackStored,
      @Nullable AnswerState stored,
      @Nullable AnswerState handedBack) {
    AckDecision ack = state instanceof NoAck ? ACK : LATE_ACK;
    return Stream.of(
        row(state, "accept", now -> now.decide(ack, null), accepted),
        row(state, "reject", now -> now.decide(ack, NOTHING), rejected),
        row(state, "finish", now -> now.finish(BOTH), ended),
        row(state, "ack stored", AnswerState::ackStored, ackStored),
        row(state, "stored", AnswerState::messageStored, stored),
        row(state, "hand back", AnswerState::handBack, handedBack));
  }

  private static Arguments row(
      AnswerState state,
      String what,
      Function<AnswerState, @Nullable AnswerState> change,
      @Nullable AnswerState expected) {
    return Arguments.of(state, what, change, expected);
  }

  private static AckDecision decision(long at) {
    return new AckDecision(AckStatus.ACCEPTED, null, null, null, false, "w-1", at);
  }

  private static OutgoingMessage message(OutgoingMessage.MessageKind kind) {
    return new OutgoingMessage(
        kind, "subject", new HeaderLines(), new byte[0], room -> new byte[0]);
  }
}
