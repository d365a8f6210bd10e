package io.beamline.worker.fault;

import io.beamline.worker.support.RouterStreams;
import io.beamline.worker.support.RouterStreams.Stored;
import io.beamline.worker.support.Subjects;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The Router's own books: what it assigned, and what the streams hold of the answers. It asks the
 * worker for nothing. Thread-safe.
 */
final class Ledger {

  private final RouterStreams streams;
  private final Map<String, Entry> assigned = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> noise = new ConcurrentHashMap<>();
  private final List<Stored> acks = new ArrayList<>();
  private final List<Stored> results = new ArrayList<>();
  private final List<Stored> deadLetters = new ArrayList<>();

  Ledger(RouterStreams streams) {
    this.streams = streams;
  }

  /** An assignment that the stream has confirmed. */
  void assigned(String id, Expected expected, Instant at) {
    assigned.put(id, new Entry(expected, at));
  }

  /**
   * A message that may be no assignment, which the stream has confirmed.
   *
   * @param messageId its {@code Nats-Msg-Id}, which a dead letter repeats
   * @param ids the assignment ids that an ack for it may have
   */
  void noise(String messageId, Set<String> ids) {
    noise.put(messageId, ids);
  }

  /** Copies the answers out of the streams, before these are lost. */
  synchronized void save() {
    acks.addAll(streams.read(Subjects.STANDARD.ack()));
    results.addAll(streams.read(Subjects.STANDARD.result()));
    deadLetters.addAll(streams.read(Subjects.STANDARD.dlq()));
  }

  /** Counts what was saved, and what the streams hold now. */
  synchronized Tally count() {
    return Tally.of(
        assigned,
        noise,
        with(acks, Subjects.STANDARD.ack()),
        with(results, Subjects.STANDARD.result()),
        with(deadLetters, Subjects.STANDARD.dlq()));
  }

  private List<Stored> with(List<Stored> saved, String subject) {
    return Stream.concat(saved.stream(), streams.read(subject).stream()).toList();
  }

  /**
   * One assignment.
   *
   * @param expected what it may end with
   * @param at when it was published
   */
  record Entry(Expected expected, Instant at) {}
}
