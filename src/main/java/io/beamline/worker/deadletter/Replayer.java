package io.beamline.worker.deadletter;

import io.beamline.worker.timeout.TimeSource;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/**
 * Assigns letters anew, each at most once whoever else does so at the same time and wherever a
 * command ends half-way.
 *
 * <p>No transaction spans the marks and the stream of assignments, so a replay has three steps: the
 * mark {@code started}, which only one can set; the assignment, whose id is the letter's for ever
 * and is its message id too; the mark {@code done}. Whoever finds a letter started cannot know
 * whether it was published. While that is younger than half of the server's window for duplicates
 * it is published once more, and the server drops the second. Later the streams are searched for
 * it, and where they cannot tell, it is left to the operator. For one thread.
 */
final class Replayer {

  private final ReplayId ids;
  private final Marks marks;
  private final Publisher publisher;
  private final Evidence evidence;
  private final TimeSource time;

  Replayer(ReplayId ids, Marks marks, Publisher publisher, Evidence evidence, TimeSource time) {
    this.ids = ids;
    this.marks = marks;
    this.publisher = publisher;
    this.evidence = evidence;
    this.time = time;
  }

  /**
   * Assigns a letter anew.
   *
   * @throws IOException when NATS fails in the middle; doing it again is safe
   */
  Outcome replay(Letter letter) throws IOException, JetStreamApiException, CommandFailedException {
    long began = time.nanos();
    Outcome outcome = look(letter);
    if (!(outcome instanceof Outcome.Possible)
        || !(Replay.of(letter, newId(letter)) instanceof Replay.Ready ready)) {
      return outcome;
    }
    if (marks.start(letter.sequence())) {
      return publish(letter, ready, began);
    }
    Mark mark = marks.of(letter.sequence());
    Instant at = mark.at();
    return mark.state() == Mark.State.DONE || at == null
        ? new Outcome.Before(ready.assignmentId(), at)
        : resume(letter, ready, at, began);
  }

  /** What would become of a letter. Changes nothing. */
  Outcome look(Letter letter) throws IOException, JetStreamApiException {
    Mark mark = marks.of(letter.sequence());
    if (mark.state() == Mark.State.DONE) {
      return new Outcome.Before(newId(letter), mark.at());
    }
    return switch (Replay.of(letter, newId(letter))) {
      case Replay.Ready ready when ready.size() > publisher.limit() ->
          new Outcome.Impossible("it is larger than the stream of assignments takes");
      case Replay.Ready ready -> new Outcome.Possible(ready.assignmentId(), ready.oldId());
      case Replay.Impossible impossible -> new Outcome.Impossible(impossible.why());
    };
  }

  private Outcome resume(Letter letter, Replay.Ready ready, Instant started, long began)
      throws IOException, JetStreamApiException, CommandFailedException {
    Duration age = Duration.between(started, marks.serverTime());
    Evidence.Finding finding =
        age.compareTo(safe()) < 0
            ? Evidence.Finding.NEVER_PUBLISHED
            : evidence.of(ready.assignmentId(), started);
    return switch (finding) {
      case PUBLISHED -> {
        marks.done(letter.sequence());
        yield new Outcome.Before(ready.assignmentId(), null);
      }
      case NEVER_PUBLISHED -> publish(letter, ready, began);
      case UNKNOWN ->
          new Outcome.Impossible(
              "a replay was begun at "
                  + started
                  + " and not confirmed, and the acks do not reach back that far: look for the"
                  + " result of "
                  + ready.assignmentId());
    };
  }

  /** What was found out before counts only for a while. */
  private Outcome publish(Letter letter, Replay.Ready ready, long began)
      throws IOException, JetStreamApiException, CommandFailedException {
    if (Duration.ofNanos(time.nanos() - began).compareTo(safe()) >= 0) {
      throw new CommandFailedException(
          "the replay of "
              + letter.sequence()
              + " took too long to be safe, nothing was published");
    }
    boolean first = publisher.publish(ready);
    marks.done(letter.sequence());
    return first
        ? new Outcome.Replayed(ready.assignmentId(), ready.oldId())
        : new Outcome.Before(ready.assignmentId(), null);
  }

  /** The server counts its window from the first publication, which is later than the mark. */
  private Duration safe() {
    return publisher.duplicateWindow().dividedBy(2);
  }

  private String newId(Letter letter) {
    return ids.assignmentId(letter.sequence());
  }
}
