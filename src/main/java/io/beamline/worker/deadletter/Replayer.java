package io.beamline.worker.deadletter;

import io.beamline.worker.timeout.TimeSource;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/**
 * Assigns letters anew, each at most once, also when several commands run at the same time or one
 * is killed.
 *
 * <p>No transaction spans the replay log and the stream of assignments, so a replay has three
 * steps. The first records the state {@code started}, which only one command can do. The second
 * publishes the assignment; its id is always the same for one letter, and is its message id too.
 * The third records {@code done}.
 *
 * <p>A command that finds a letter {@code started} cannot know whether it was published. Within
 * half of the server's duplicate window it publishes the assignment again, and the server drops the
 * second. Later it searches the streams for the assignment; if they do not reach back far enough,
 * it leaves the letter to the operator. Used by one thread.
 */
final class Replayer {

  private final ReplayId ids;
  private final ReplayLog replays;
  private final Publisher publisher;
  private final Evidence evidence;
  private final TimeSource time;

  Replayer(
      ReplayId ids, ReplayLog replays, Publisher publisher, Evidence evidence, TimeSource time) {
    this.ids = ids;
    this.replays = replays;
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
    if (replays.start(letter.sequence())) {
      return publish(letter, ready, began);
    }
    ReplayMark mark = replays.of(letter.sequence());
    Instant at = mark.at();
    return mark.state() == ReplayMark.State.DONE || at == null
        ? new Outcome.Before(ready.assignmentId(), at)
        : resume(letter, ready, at, began);
  }

  /** What would become of a letter. Changes nothing. */
  Outcome look(Letter letter) throws IOException, JetStreamApiException {
    ReplayMark mark = replays.of(letter.sequence());
    if (mark.state() == ReplayMark.State.DONE) {
      return new Outcome.Before(newId(letter), mark.at());
    }
    return switch (Replay.of(letter, newId(letter))) {
      case Replay.Ready ready when ready.size() > publisher.limit() ->
          new Outcome.Impossible("it is larger than the stream of assignments takes");
      case Replay.Ready ready -> new Outcome.Possible(ready.assignmentId(), ready.oldId());
      case Replay.NotReplayable impossible -> new Outcome.Impossible(impossible.why());
    };
  }

  private Outcome resume(Letter letter, Replay.Ready ready, Instant started, long began)
      throws IOException, JetStreamApiException, CommandFailedException {
    Duration age = Duration.between(started, replays.serverTime());
    Evidence.Finding finding =
        age.compareTo(safe()) < 0
            ? Evidence.Finding.NEVER_PUBLISHED
            : evidence.of(ready.assignmentId(), started);
    return switch (finding) {
      case PUBLISHED -> {
        replays.done(letter.sequence());
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
    replays.done(letter.sequence());
    return first
        ? new Outcome.Replayed(ready.assignmentId(), ready.oldId())
        : new Outcome.Before(ready.assignmentId(), null);
  }

  /** The server counts its window from the first publication, which is later than the entry. */
  private Duration safe() {
    return publisher.duplicateWindow().dividedBy(2);
  }

  private String newId(Letter letter) {
    return ids.assignmentId(letter.sequence());
  }
}
