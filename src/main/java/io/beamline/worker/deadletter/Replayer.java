package io.beamline.worker.deadletter;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.connection.JetStreamApi;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/**
 * Replays letters, each at most once, even if several commands run at the same time or one is
 * killed.
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
  private final AssignmentPublisher publisher;
  private final PublicationCheck publication;
  private final TimeSource time;

  Replayer(
      ReplayId ids,
      ReplayLog replays,
      AssignmentPublisher publisher,
      PublicationCheck publication,
      TimeSource time) {
    this.ids = ids;
    this.replays = replays;
    this.publisher = publisher;
    this.publication = publication;
    this.time = time;
  }

  /**
   * Returns a replayer for the letters of a stream.
   *
   * @param dryRun whether it only previews: then nothing is made for it
   * @throws CommandFailedException when a stream or a bucket that it needs is missing
   */
  static Replayer open(
      JetStreamApi jetStream,
      NatsDeliveryProperties settings,
      LetterStream letters,
      boolean dryRun,
      TimeSource time)
      throws IOException, JetStreamApiException, CommandFailedException {
    NatsDeliveryProperties.Subjects subjects = settings.subjects();
    AssignmentPublisher publisher = AssignmentPublisher.open(jetStream, subjects.assign());
    ReplayLog replays =
        dryRun
            ? ReplayLog.reading(jetStream, letters)
            : ReplayLog.writing(jetStream, letters, settings.provision());
    PublicationCheck publication =
        new PublicationCheck(jetStream, subjects.assign(), subjects.ack());
    return new Replayer(letters.replayIds(), replays, publisher, publication, time);
  }

  /**
   * Replays a letter.
   *
   * @throws IOException when NATS fails; the replay may be repeated safely
   * @throws CommandFailedException when it took too long; nothing was published
   */
  ReplayOutcome replay(Letter letter)
      throws IOException, JetStreamApiException, CommandFailedException {
    long began = time.nanos();
    ReplayOutcome outcome = preview(letter);
    if (!(outcome instanceof ReplayOutcome.Possible)
        || !(Replay.of(letter, newId(letter)) instanceof Replay.Ready ready)) {
      return outcome;
    }
    if (replays.start(letter.sequence())) {
      return publish(letter, ready, began);
    }
    ReplayMark mark = replays.markOf(letter.sequence());
    Instant at = mark.at();
    return mark.state() == ReplayMark.State.DONE || at == null
        ? new ReplayOutcome.AlreadyReplayed(ready.assignmentId(), at)
        : resume(letter, ready, at, began);
  }

  /** Returns the outcome that a replay would have. Changes nothing. */
  ReplayOutcome preview(Letter letter) throws IOException, JetStreamApiException {
    ReplayMark mark = replays.markOf(letter.sequence());
    if (mark.state() == ReplayMark.State.DONE) {
      return new ReplayOutcome.AlreadyReplayed(newId(letter), mark.at());
    }
    return switch (Replay.of(letter, newId(letter))) {
      case Replay.Ready ready when ready.size() > publisher.maxSize() ->
          new ReplayOutcome.Impossible("it is larger than the stream of assignments takes");
      case Replay.Ready ready -> new ReplayOutcome.Possible(ready.assignmentId(), ready.oldId());
      case Replay.NotReplayable impossible -> new ReplayOutcome.Impossible(impossible.why());
    };
  }

  private ReplayOutcome resume(Letter letter, Replay.Ready ready, Instant started, long began)
      throws IOException, JetStreamApiException, CommandFailedException {
    Duration age = Duration.between(started, replays.serverTime());
    PublicationCheck.Finding finding =
        age.compareTo(safeDuration()) < 0
            ? PublicationCheck.Finding.NEVER_PUBLISHED
            : publication.check(ready.assignmentId(), started);
    return switch (finding) {
      case PUBLISHED -> {
        replays.done(letter.sequence());
        yield new ReplayOutcome.AlreadyReplayed(ready.assignmentId(), null);
      }
      case NEVER_PUBLISHED -> publish(letter, ready, began);
      case UNKNOWN ->
          new ReplayOutcome.Impossible(
              "a replay was begun at "
                  + started
                  + " and not confirmed, and the acks do not reach back that far: look for the"
                  + " result of "
                  + ready.assignmentId());
    };
  }

  /** Publishes, unless the findings are too old: another command may have published meanwhile. */
  private ReplayOutcome publish(Letter letter, Replay.Ready ready, long began)
      throws IOException, JetStreamApiException, CommandFailedException {
    if (Duration.ofNanos(time.nanos() - began).compareTo(safeDuration()) >= 0) {
      throw new CommandFailedException(
          "the replay of "
              + letter.sequence()
              + " took too long to be safe, nothing was published");
    }
    boolean first = publisher.publish(ready);
    replays.done(letter.sequence());
    return first
        ? new ReplayOutcome.Replayed(ready.assignmentId(), ready.oldId())
        : new ReplayOutcome.AlreadyReplayed(ready.assignmentId(), null);
  }

  /**
   * Returns how long a repeated publication is certainly dropped: half of the duplicate window. The
   * window starts at the first publication, which is after the entry in the log.
   */
  private Duration safeDuration() {
    return publisher.duplicateWindow().dividedBy(2);
  }

  private String newId(Letter letter) {
    return ids.assignmentId(letter.sequence());
  }
}
