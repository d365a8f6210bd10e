package io.beamline.worker.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.ExecAssignmentAck.Status;
import io.beamline.worker.result.AnswerState.Decided;
import io.beamline.worker.result.AnswerState.Ended;
import io.beamline.worker.result.AnswerState.Over;
import io.beamline.worker.result.AnswerState.Running;
import io.beamline.worker.result.AnswerState.Settled;
import io.beamline.worker.result.AnswerState.Undecided;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every transition of an answer, also those that must not be. */
class AnswerStateTest {

  private static final Decision ACK = decision(1);
  private static final Decision LATE_ACK = decision(2);
  private static final Outgoing RESULT = message(Outgoing.Kind.RESULT);
  private static final Ending END = new Ending(RESULT, null);
  private static final Ending BOTH = new Ending(RESULT, message(Outgoing.Kind.DEAD_LETTER));
  private static final Ending NOTHING = new Ending(null, null);

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource
  void becomes(
      AnswerState state, String what, Function<AnswerState, ?> change, @Nullable Object expected) {
    assertThat(change.apply(state)).as(what).isEqualTo(expected);
  }

  static Stream<Arguments> becomes() {
    return Stream.of(
            states(
                new Undecided(null),
                new Decided(ACK, null),
                new Decided(ACK, NOTHING),
                new Undecided(BOTH),
                null,
                null,
                new Over()),
            states(
                new Undecided(END),
                new Decided(ACK, END),
                new Decided(ACK, NOTHING),
                null,
                null,
                null,
                new Over()),
            states(
                new Decided(ACK, null),
                null,
                null,
                new Decided(ACK, BOTH),
                new Running(ACK),
                null,
                new Over()),
            states(new Decided(ACK, END), null, null, null, new Ended(ACK, END, 1), null, null),
            states(new Decided(ACK, BOTH), null, null, null, new Ended(ACK, BOTH, 2), null, null),
            states(
                new Decided(ACK, NOTHING), null, null, null, new Settled(ACK, NOTHING), null, null),
            states(new Running(ACK), null, null, new Ended(ACK, BOTH, 2), null, null, new Over()),
            states(new Ended(ACK, BOTH, 2), null, null, null, null, new Ended(ACK, BOTH, 1), null),
            states(new Ended(ACK, BOTH, 1), null, null, null, null, new Settled(ACK, BOTH), null),
            states(new Settled(ACK, END), null, null, null, null, null, null),
            states(new Over(), null, null, null, null, null, null))
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
    Decision ack = state instanceof Undecided ? ACK : LATE_ACK;
    return Stream.of(
        row(state, "accept", now -> now.decide(ack, null), accepted),
        row(state, "reject", now -> now.decide(ack, NOTHING), rejected),
        row(state, "end", now -> now.end(BOTH), ended),
        row(state, "ack stored", AnswerState::ackStored, ackStored),
        row(state, "stored", AnswerState::stored, stored),
        row(state, "hand back", AnswerState::handBack, handedBack));
  }

  private static Arguments row(
      AnswerState state,
      String what,
      Function<AnswerState, @Nullable AnswerState> change,
      @Nullable AnswerState expected) {
    return Arguments.of(state, what, change, expected);
  }

  private static Decision decision(long at) {
    return new Decision(Status.ACCEPTED, null, null, null, false, "w-1", at);
  }

  private static Outgoing message(Outgoing.Kind kind) {
    return new Outgoing(kind, "subject", new HeaderLines(), new byte[0], room -> new byte[0]);
  }
}
