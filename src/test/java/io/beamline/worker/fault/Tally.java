package io.beamline.worker.fault;

import static java.util.stream.Collectors.groupingBy;

import io.beamline.worker.support.RouterOracle;
import io.beamline.worker.support.RouterStreams.Stored;
import io.beamline.worker.support.Subjects;
import io.beamline.worker.support.WireMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the streams say of all that was assigned. Immutable.
 *
 * @param assignments what was assigned, messages that are no assignments included
 * @param acks the assignments that have an ack
 * @param results the assignments that have a result
 * @param duplicates acks and results that are stored beside another one of the same assignment
 * @param lost what has neither a result nor a rejection nor a dead letter
 * @param slowest the longest time from an assignment's publication to its last word
 * @param stored all results, for what else a fault must show
 * @param deadLetters all dead letters
 * @param complaints what is wrong, beside what is lost
 */
record Tally(
    long assignments,
    long acks,
    long results,
    long duplicates,
    List<String> lost,
    Duration slowest,
    List<Stored> stored,
    List<Stored> deadLetters,
    List<String> complaints) {

  private static final RouterOracle ORACLE = new RouterOracle(Subjects.STANDARD);

  static Tally of(
      Map<String, Ledger.Entry> assigned,
      Map<String, Set<String>> noise,
      List<Stored> acks,
      List<Stored> results,
      List<Stored> deadLetters) {
    return new Counting(
            assigned, noise, byAssignment(acks), byAssignment(results), results, deadLetters)
        .tally(acks);
  }

  private static Map<String, List<Stored>> byAssignment(List<Stored> messages) {
    return messages.stream().collect(groupingBy(stored -> stored.message().text("assignment_id")));
  }

  /** The books while they are counted. */
  private record Counting(
      Map<String, Ledger.Entry> assigned,
      Map<String, Set<String>> noise,
      Map<String, List<Stored>> acks,
      Map<String, List<Stored>> results,
      List<Stored> allResults,
      List<Stored> deadLetters) {

    Tally tally(List<Stored> allAcks) {
      List<String> complaints = new ArrayList<>();
      assigned.forEach((id, entry) -> judge(id, entry, complaints));
      Stream.of(allAcks, allResults, deadLetters)
          .flatMap(List::stream)
          .map(Stored::message)
          .forEach(message -> judge(message, complaints));
      return new Tally(
          assigned.size() + noise.size(),
          assigned.keySet().stream().filter(acks::containsKey).count() + acknowledgedNoise(),
          assigned.keySet().stream().filter(results::containsKey).count(),
          extra(acks) + extra(results),
          lost(),
          slowest(),
          allResults,
          deadLetters,
          complaints);
    }

    private void judge(String id, Ledger.Entry entry, List<String> complaints) {
      List<Stored> ended = results.getOrDefault(id, List.of());
      Set<String> acked =
          acks.getOrDefault(id, List.of()).stream()
              .map(ack -> ack.message().text("status"))
              .collect(Collectors.toSet());
      if (!ended.isEmpty() && acked.isEmpty()) {
        complaints.add(id + " has a result and no ack");
      }
      if (acked.containsAll(Set.of("accepted", "rejected"))) {
        complaints.add(id + " is accepted and rejected");
      }
      if (acked.contains("rejected") && !entry.expected().allowsRejection()) {
        complaints.add(id + " is rejected");
      }
      if (ended.stream().map(Counting::said).distinct().count() > 1) {
        complaints.add(id + " has results that contradict each other");
      }
      ended.stream()
          .map(Stored::message)
          .filter(result -> !entry.expected().allows(result))
          .findFirst()
          .ifPresent(result -> complaints.add(id + " ended as " + brief(result)));
      inOrder(id, complaints);
    }

    private void inOrder(String id, List<String> complaints) {
      List<Stored> ack = acks.getOrDefault(id, List.of());
      List<Stored> result = results.getOrDefault(id, List.of());
      if (!ack.isEmpty()
          && !result.isEmpty()
          && result.getFirst().at().isBefore(ack.getFirst().at())) {
        complaints.add(id + " had its result before its ack");
      }
    }

    private static void judge(WireMessage message, List<String> complaints) {
      for (String violation : ORACLE.judge(message)) {
        complaints.add(message.subject() + " " + message.text("assignment_id") + ": " + violation);
      }
    }

    private List<String> lost() {
      Set<String> aside = new HashSet<>();
      deadLetters.forEach(
          letter -> letter.message().header("x-original-msg-id").ifPresent(aside::add));
      Stream<String> assignments =
          assigned.keySet().stream()
              .filter(id -> !results.containsKey(id))
              .filter(id -> !isRejected(id));
      Stream<String> messages =
          noise.entrySet().stream()
              .filter(entry -> !aside.contains(entry.getKey()))
              .filter(entry -> entry.getValue().stream().noneMatch(acks::containsKey))
              .map(Map.Entry::getKey);
      return Stream.concat(assignments, messages).toList();
    }

    private boolean isRejected(String id) {
      return acks.getOrDefault(id, List.of()).stream()
          .anyMatch(ack -> ack.message().text("status").equals("rejected"));
    }

    private long acknowledgedNoise() {
      return noise.values().stream()
          .filter(ids -> ids.stream().anyMatch(acks::containsKey))
          .count();
    }

    private Duration slowest() {
      return assigned.entrySet().stream()
          .map(entry -> took(entry.getKey(), entry.getValue()))
          .max(Duration::compareTo)
          .orElse(Duration.ZERO);
    }

    private Duration took(String id, Ledger.Entry entry) {
      List<Stored> last = results.getOrDefault(id, acks.getOrDefault(id, List.of()));
      return last.isEmpty() ? Duration.ZERO : Duration.between(entry.at(), last.getFirst().at());
    }

    private static long extra(Map<String, List<Stored>> messages) {
      return messages.values().stream().mapToLong(same -> same.size() - 1L).sum();
    }

    private static String said(Stored stored) {
      WireMessage result = stored.message();
      return result.text("status")
          + result.text("error_code")
          + Objects.toString(result.json().path("result"));
    }

    private static String brief(WireMessage result) {
      return result.text("status")
          + " "
          + result.text("error_code")
          + " "
          + result.text("error_message")
          + " "
          + result.json().path("error").path("details")
          + ", attempts "
          + result.json().path("attempts");
    }
  }
}
