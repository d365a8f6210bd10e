package io.beamline.worker.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * Stands in for the Router: it assigns steps, sees every ack, result, heartbeat and dead letter as
 * soon as it is published, and has the {@link RouterOracle} and the {@link MessageSchemas} judge
 * each. Thread-safe.
 */
public final class RouterStandIn implements AutoCloseable {

  private static final int MAX_UNCONFIRMED = 1000;
  private static final String CANCEL = "caf.exec.cancel.v1";

  private final Connection connection;
  private final Subjects subjects;
  private final RouterOracle oracle;
  private final RouterStreams streams;
  private final NatsListener listener;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Collection<WireMessage> heartbeats = new ConcurrentLinkedQueue<>();
  private final Collection<WireMessage> deadLetters = new ConcurrentLinkedQueue<>();
  private final Collection<String> violations = new ConcurrentLinkedQueue<>();
  private final Collection<String> contradictions = new ConcurrentLinkedQueue<>();
  private final AtomicLong order = new AtomicLong();
  private final Semaphore unconfirmed = new Semaphore(MAX_UNCONFIRMED);

  private RouterStandIn(Connection connection, Subjects subjects) {
    this.connection = connection;
    this.subjects = subjects;
    this.oracle = new RouterOracle(subjects);
    this.streams = new RouterStreams(connection, subjects);
    this.listener =
        NatsListener.on(
            connection,
            List.of(subjects.ack(), subjects.result(), subjects.heartbeat(), subjects.dlq()),
            message -> receive(WireMessage.of(message)));
  }

  /** A Router on the contract's subjects, which survives restarts of the server. */
  public static RouterStandIn connect(String url) {
    return connect(
        Options.builder()
            .server(url)
            .maxReconnects(-1)
            .reconnectWait(Duration.ofMillis(100))
            .errorListener(new ErrorListener() {})
            .build(),
        Subjects.STANDARD);
  }

  /** A Router with its own options and subjects. */
  public static RouterStandIn connect(Options options, Subjects subjects) {
    try {
      return new RouterStandIn(Nats.connect(options), subjects);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Its connection, for what else a test does on NATS. */
  public Connection connection() {
    return connection;
  }

  /** Waits until it hears the server again, which was away: it misses what comes before. */
  public void awaitServer(Duration atMost) {
    await("the Router hears the server", atMost)
        .ignoreException(IOException.class)
        .until(
            () ->
                connection.getStatus() == Connection.Status.CONNECTED
                    && !connection.RTT().isNegative());
  }

  /** The streams that assignments and answers are stored in. */
  public RouterStreams streams() {
    return streams;
  }

  /** Assigns a step over JetStream and waits for the server's confirmation. Returns its id. */
  public String assign(Assignments assignment) {
    confirmed(publish(assignment.bytes(), assignment.headers()));
    return assignment.id();
  }

  /** Assigns many steps, at most 1000 of them unconfirmed at a time. Returns their ids. */
  public List<String> assignAll(Collection<Assignments> assignments) {
    List<CompletableFuture<PublishAck>> pending = new ArrayList<>();
    for (Assignments assignment : assignments) {
      unconfirmed.acquireUninterruptibly();
      pending.add(
          publish(assignment.bytes(), assignment.headers())
              .whenComplete((ack, failure) -> unconfirmed.release()));
    }
    pending.forEach(RouterStandIn::confirmed);
    return assignments.stream().map(Assignments::id).toList();
  }

  /** Publishes any bytes as an assignment over JetStream; completes when the server has them. */
  public CompletableFuture<PublishAck> publish(byte[] body, Map<String, String> headers) {
    try {
      return connection.jetStream().publishAsync(message(body, headers));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Assigns a step over core NATS. Returns its id. */
  public String assignCore(Assignments assignment) {
    connection.publish(message(assignment.bytes(), assignment.headers()));
    return assignment.id();
  }

  /**
   * Asks to cancel over JetStream, and waits for the server's confirmation.
   *
   * @param kind {@code assignment_id}, {@code run_id} or {@code flow_id}
   */
  public void cancel(String tenant, String kind, String id) {
    confirmed(requestCancel(tenant, kind, id));
  }

  /** Asks to cancel like {@link #cancel}; completes when the server has the request. */
  public CompletableFuture<PublishAck> requestCancel(String tenant, String kind, String id) {
    String request =
        """
        {"version": "1", "tenant_id": "%s", "%s": "%s", "reason": "a test", "requested_by": "me"}
        """
            .formatted(tenant, kind, id);
    try {
      return connection.jetStream().publishAsync(CANCEL, request.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What has come for an assignment so far. */
  public Answer answer(String assignmentId) {
    return answers.getOrDefault(assignmentId, Answer.NONE);
  }

  /** Waits for an assignment's ack. */
  public Answer awaitAck(String assignmentId, Duration atMost) {
    await("ack of " + assignmentId, atMost).until(() -> answer(assignmentId).acks() > 0);
    return answer(assignmentId);
  }

  /** Waits for an assignment's result. */
  public Answer awaitResult(String assignmentId, Duration atMost) {
    await("result of " + assignmentId, atMost).until(() -> answer(assignmentId).results() > 0);
    return answer(assignmentId);
  }

  /** Waits until every one of the assignments has its result or its rejection. */
  public void awaitAll(Collection<String> assignmentIds, Duration atMost) {
    await("all of " + assignmentIds.size() + " answers", atMost)
        .untilAsserted(() -> assertThat(unanswered(assignmentIds)).isEmpty());
  }

  /** Those of the assignments that have neither a result nor a rejection. */
  public List<String> unanswered(Collection<String> assignmentIds) {
    return assignmentIds.stream()
        .filter(id -> answer(id).results() == 0 && !answer(id).ackStatus().equals("rejected"))
        .toList();
  }

  /** Everything that has come, by assignment. */
  public Map<String, Answer> answers() {
    return Map.copyOf(answers);
  }

  /** The heartbeats so far. */
  public List<WireMessage> heartbeats() {
    return List.copyOf(heartbeats);
  }

  /** The dead letters so far. */
  public List<WireMessage> deadLetters() {
    return List.copyOf(deadLetters);
  }

  /** What was wrong with messages or their order so far. */
  public List<String> violations() {
    return List.copyOf(violations);
  }

  /**
   * Second results that say something else than the first. The Router ignores them; they are no
   * violation where a worker died between publishing and confirming.
   */
  public List<String> contradictions() {
    return List.copyOf(contradictions);
  }

  /** Fails unless all that came was good and in order. */
  public void assertClean() {
    assertThat(violations()).as("violations of the contract").isEmpty();
  }

  /** A line of numbers for logs. */
  public String statistics() {
    long acks = answers.values().stream().mapToLong(Answer::acks).sum();
    long results = answers.values().stream().mapToLong(Answer::results).sum();
    return "%d assignments, %d acks, %d results, %d heartbeats, %d dead letters, %d violations"
        .formatted(
            answers.size(),
            acks,
            results,
            heartbeats.size(),
            deadLetters.size(),
            violations.size());
  }

  @Override
  public void close() {
    listener.close();
  }

  /** Called by one thread, in the order of arrival. */
  private void receive(WireMessage message) {
    for (String violation : oracle.judge(message)) {
      violations.add(message.subject() + " " + message.text("assignment_id") + ": " + violation);
    }
    String id = message.text("assignment_id");
    for (String fault : MessageSchemas.faults(kind(message.subject()), message.json())) {
      violations.add(message.subject() + " " + id + ": breaks its schema: " + fault);
    }
    if (message.subject().equals(subjects.ack())) {
      acked(id, answer(id), message);
    } else if (message.subject().equals(subjects.result())) {
      ended(id, answer(id), message);
    } else if (message.subject().equals(subjects.heartbeat())) {
      heartbeats.add(message);
    } else {
      deadLetters.add(message);
    }
  }

  private String kind(String subject) {
    if (subject.equals(subjects.ack())) {
      return "exec-assignment-ack";
    }
    if (subject.equals(subjects.result())) {
      return "exec-result";
    }
    return subject.equals(subjects.heartbeat()) ? "worker-heartbeat" : "dead-letter";
  }

  private void acked(String id, Answer before, WireMessage ack) {
    String status = ack.text("status");
    boolean decided = before.acks() > 0 && !before.ackStatus().equals("error");
    if (decided && !status.equals("error") && !status.equals(before.ackStatus())) {
      violations.add(id + ": acked as " + status + " after " + before.ackStatus());
    }
    answers.put(id, before.withAck(ack, order.incrementAndGet()));
  }

  private void ended(String id, Answer before, WireMessage result) {
    if (before.acks() == 0) {
      violations.add(id + ": a result came before any ack");
    }
    boolean rejected = before.ackStatus().equals("rejected");
    if (rejected && !saysTheRejection(result, before)) {
      violations.add(id + ": a result came after a rejection");
    }
    before.result().ifPresent(first -> compare(id, first, result));
    answers.put(id, before.withResult(result, order.incrementAndGet()));
  }

  /** A result may say again that the assignment was rejected. */
  private static boolean saysTheRejection(WireMessage result, Answer before) {
    String reason = result.json().at("/error/details/reason").stringValue("");
    return result.text("error_code").equals("SYSTEM_OVERLOAD") || reason.equals(before.ackReason());
  }

  private void compare(String id, WireMessage first, WireMessage second) {
    for (String field : List.of("status", "error_code", "result")) {
      if (!first.json().path(field).equals(second.json().path(field))) {
        contradictions.add(id + ": a second result differs in " + field);
      }
    }
  }

  private Message message(byte[] body, Map<String, String> headers) {
    Headers wire = new Headers();
    headers.forEach((name, value) -> wire.add(name, value));
    return NatsMessage.builder().subject(subjects.assign()).headers(wire).data(body).build();
  }

  private static void confirmed(CompletableFuture<PublishAck> pending) {
    pending.orTimeout(30, TimeUnit.SECONDS).join();
  }

  private static ConditionFactory await(String what, Duration atMost) {
    return Awaitility.await(what).atMost(atMost).pollInterval(Duration.ofMillis(20));
  }
}
