package io.beamline.worker.result;

import static io.beamline.worker.result.ResultFixture.SOON;
import static io.beamline.worker.result.ResultFixture.delivery;
import static io.beamline.worker.result.ResultFixture.failure;
import static io.beamline.worker.result.ResultFixture.identity;
import static io.beamline.worker.result.ResultFixture.pull;
import static io.beamline.worker.result.ResultFixture.success;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.Correlation;
import io.beamline.worker.contract.DeadLetter.Reason;
import io.beamline.worker.contract.Overload;
import io.beamline.worker.contract.RejectReason;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.Subjects;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the worker owes, in every order in which things can happen. */
class AnswersTest {

  private ResultFixture worker;

  @BeforeEach
  void start() {
    worker = new ResultFixture();
  }

  @AfterEach
  void close() {
    worker.close();
  }

  @Test
  void acknowledgesTheAssignmentOnceItsResultIsStored() {
    JetStreamSubscription consumer = worker.consumer();
    worker.open();
    worker.router.assign(Assignments.echo().id("a"));
    Answer answer = open("a", delivery(pull(consumer)));
    worker.answers.accept(answer, null, false);
    worker.router.awaitAck("a", SOON);
    assertThat(worker.router.streams().unacknowledgedAssignments()).isEqualTo(1);
    assertThat(worker.answers.unfinished()).isEqualTo(1);

    assertThat(worker.answers.finish(answer, success(identity("a")), false)).isNotNull();

    awaitSettled();
    await().atMost(SOON).until(() -> worker.router.streams().unacknowledgedAssignments() == 0);
    assertThat(worker.router.answer("a").status()).isEqualTo("success");
    worker.router.assertClean();
  }

  @Test
  void acknowledgesTheAssignmentOnlyOnceItsDeadLetterIsStoredToo() throws Exception {
    withoutDeadLetterStream();
    JetStreamSubscription consumer = worker.consumer();
    worker.open();
    worker.router.assign(Assignments.echo().id("a"));
    Delivery delivery = delivery(pull(consumer));
    Answer answer = open("a", delivery);
    worker.answers.accept(answer, null, false);

    worker.answers.finish(answer, failure(identity("a")), false, Reason.FAILED);

    // The Router waits for nothing.
    worker.router.awaitResult("a", SOON);
    await().atMost(SOON).until(() -> worker.outbox.unpublishedAnswers() == 0);
    assertThat(worker.outbox.isEmpty()).isFalse();
    assertThat(worker.answers.unfinished()).isEqualTo(1);
    assertThat(worker.answers.open(identity("a"), held("reply.again"))).isNull();
    assertThat(worker.leases.held()).isEqualTo(2);
    assertThat(worker.router.streams().unacknowledgedAssignments()).isEqualTo(1);

    worker.router.streams().provision();

    awaitSettled();
    await().atMost(SOON).until(() -> worker.router.streams().unacknowledgedAssignments() == 0);
    assertThat(worker.router.streams().storedDeadLetters()).hasSize(1);
    assertStored(1, 1);
    worker.router.assertClean();
  }

  @Test
  void givesResultAndDeadLetterAgainAfterACrashAndDoublesNeither() {
    JetStreamSubscription consumer = worker.consumer();
    worker.open();
    worker.router.assign(Assignments.echo().id("a"));
    Delivery first = delivery(pull(consumer));
    Answer before = open("a", new Delivery(first.subject(), first.body(), null, null, 1));
    worker.answers.accept(before, null, false);
    worker.answers.finish(before, failure(identity("a")), false, Reason.FAILED);
    awaitSettled();
    // Nobody acknowledged it: that worker died. Another has it now, which knows nothing.
    Answers another = worker.anotherWorkersAnswers();
    Delivery again = delivery(pull(consumer));
    Answer after = Objects.requireNonNull(another.open(identity("a"), again));

    another.accept(after, null, false);
    another.finish(after, failure(identity("a")), false, Reason.FAILED);

    await().atMost(SOON).until(() -> another.unfinished() == 0);
    await().atMost(SOON).until(() -> worker.router.streams().unacknowledgedAssignments() == 0);
    await().atMost(SOON).until(() -> worker.router.deadLetters().size() == 2);
    assertThat(worker.router.streams().storedDeadLetters()).hasSize(1);
    assertStored(1, 1);
    worker.router.assertClean();
  }

  @Test
  void putsNothingAsideForASuccessOrForWhatIsHandedBack() {
    worker.open();
    Answer good = open("a", held("reply.a"));
    worker.answers.accept(good, null, false);
    worker.answers.finish(good, success(identity("a")), false, Reason.FAILED);
    Answer back = open("b", held("reply.b"));
    back.handBack();
    assertThat(worker.answers.finish(back, failure(identity("b")), false, Reason.FAILED)).isNull();

    awaitSettled();
    assertThat(worker.router.streams().storedDeadLetters()).isEmpty();
  }

  @Test
  void publishesTheAckBeforeAResultThatWasQuicker() {
    worker.open();
    Answer answer = open("a", held("reply.a"));
    assertThat(worker.answers.finish(answer, success(identity("a")), false)).isNotNull();
    assertThat(worker.outbox.isEmpty()).isTrue();

    worker.answers.accept(answer, null, false);

    awaitSettled();
    worker.router.awaitResult("a", SOON);
    assertThat(worker.router.answer("a").ackedAt())
        .isLessThan(worker.router.answer("a").resultAt());
    worker.router.assertClean();
  }

  @Test
  void takesTheFirstOfTwoResults() {
    worker.open();
    Answer answer = open("a", held("reply.a"));
    worker.answers.accept(answer, null, false);
    assertThat(worker.answers.finish(answer, success(identity("a")), false)).isNotNull();
    assertThat(worker.answers.finish(answer, failure(identity("a")), false)).isNull();

    awaitSettled();
    assertThat(worker.answers.finish(answer, failure(identity("a")), false)).isNull();
    worker.router.awaitResult("a", SOON);
    assertStored(1, 1);
    assertThat(worker.router.answer("a").status()).isEqualTo("success");
  }

  @Test
  void takesTheFirstOfTwoDecisions() {
    worker.open();
    Answer answer = open("a", held("reply.a"));
    worker.answers.reject(answer, RejectReason.QUEUE_FULL, "full", null, false);
    worker.answers.accept(answer, null, false);
    awaitSettled();
    worker.router.awaitAck("a", SOON);
    assertThat(worker.router.answer("a").ackStatus()).isEqualTo("rejected");
    assertStored(1, 0);
  }

  @Test
  void aRejectedAssignmentGetsNoResultAndIsNotHandedBack() {
    Answer answer = open("a", held("reply.a"));
    worker.answers.reject(answer, RejectReason.QUEUE_FULL, "full", null, false);
    assertThat(worker.answers.finish(answer, success(identity("a")), false)).isNull();
    worker.answers.handBackAll();
    assertThat(worker.answers.unfinished()).isEqualTo(1);

    worker.open();

    awaitSettled();
    worker.router.awaitAck("a", SOON);
    assertStored(1, 0);
    worker.router.assertClean();
  }

  @Test
  void handingBackComesTooLateForAResult() {
    Answer answer = open("a", held("reply.a"));
    worker.answers.accept(answer, null, false);
    worker.answers.finish(answer, success(identity("a")), false);
    answer.handBack();
    worker.answers.handBackAll();
    assertThat(worker.answers.unfinished()).isEqualTo(1);

    worker.open();

    awaitSettled();
    assertStored(1, 1);
  }

  @Test
  void whatWasHandedBackGetsNoAnswerAnyMore() {
    Answer answer = open("a", held("reply.a"));
    answer.handBack();
    worker.answers.accept(answer, null, false);
    assertThat(worker.answers.finish(answer, success(identity("a")), false)).isNull();
    worker.open();

    assertThat(worker.outbox.isEmpty()).isTrue();
    assertThat(worker.answers.unfinished()).isZero();
    assertThat(worker.leases.held()).isZero();
  }

  @Test
  void whatWasHandedBackIsDecidedAnewWhenItComesAgain() {
    worker.open();
    Answer answer = open("a", held("reply.a"));
    worker.answers.accept(answer, null, false);
    answer.handBack();

    Answer again = open("a", held("reply.b"));
    worker.answers.accept(again, null, false);
    worker.answers.finish(again, success(identity("a")), false);

    awaitSettled();
    worker.router.awaitResult("a", SOON);
    assertStored(1, 1);
  }

  @Test
  void anAssignmentThatCouldNotBeDecidedGoesBackEvenIfItRanAlready() {
    JetStreamSubscription consumer = worker.consumer();
    worker.open();
    worker.router.assign(Assignments.echo().id("a"));
    Answer answer = open("a", delivery(pull(consumer)));
    worker.answers.finish(answer, success(identity("a")), false);

    worker.answers.reportFailure(answer);

    assertThat(delivery(Objects.requireNonNull(pull(consumer, Duration.ofMillis(700)))).count())
        .isEqualTo(2);
    worker.router.awaitAck("a", SOON);
    assertThat(worker.router.answer("a").ackStatus()).isEqualTo("error");
    assertThat(worker.answers.unfinished()).isZero();
    assertThat(worker.leases.held()).isZero();
    worker.router.assertClean();
  }

  @Test
  void joinsDuplicatesToOneRunAndAcknowledgesThemAll() throws Exception {
    worker.open();
    Map<String, Integer> acknowledged = acknowledgements();
    Answer answer = open("a", held("reply.1"));
    for (int i = 2; i <= 5; i++) {
      assertThat(worker.answers.open(identity("a"), held("reply." + i))).isNull();
    }
    assertThat(worker.leases.held()).isEqualTo(5);
    worker.answers.accept(answer, null, false);
    worker.answers.finish(answer, success(identity("a")), false);

    awaitSettled();
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(acknowledged)
                    .isEqualTo(
                        Map.of(
                            "reply.1+ACK", 1,
                            "reply.2+ACK", 1,
                            "reply.3+ACK", 1,
                            "reply.4+ACK", 1,
                            "reply.5+ACK", 1)));
    assertStored(1, 1);
  }

  @Test
  void answersARedeliveryWithTheResultItKnows() {
    JetStreamSubscription consumer = worker.consumer();
    worker.open();
    worker.router.assign(Assignments.echo().id("a"));
    worker.router.assign(Assignments.echo().id("a"));
    Delivery first = delivery(pull(consumer));
    Delivery second = delivery(pull(consumer));
    Answer answer = open("a", first);
    worker.answers.accept(answer, null, false);
    worker.answers.finish(answer, success(identity("a")), false);
    awaitSettled();

    assertThat(worker.answers.open(identity("a"), second)).isNull();

    awaitSettled();
    await().atMost(SOON).until(() -> worker.router.streams().unacknowledgedAssignments() == 0);
    await().atMost(SOON).until(() -> worker.router.answer("a").results() == 2);
    assertStored(1, 1);
    assertThat(worker.router.contradictions()).isEmpty();
    worker.router.assertClean();
  }

  @Test
  void neverDecidesARejectedAssignmentAgain() {
    JetStreamSubscription consumer = worker.consumer();
    worker.open();
    worker.router.assign(Assignments.echo().id("a"));
    worker.router.assign(Assignments.echo().id("a"));
    Delivery first = delivery(pull(consumer));
    Delivery second = delivery(pull(consumer));
    worker.answers.reject(open("a", first), RejectReason.QUEUE_FULL, "full", null, false);
    awaitSettled();

    assertThat(worker.answers.open(identity("a"), second)).isNull();

    await().atMost(SOON).until(() -> worker.router.streams().unacknowledgedAssignments() == 0);
    await().atMost(SOON).until(() -> worker.router.answer("a").acks() == 2);
    assertStored(1, 0);
    assertThat(worker.leases.held()).isZero();
    worker.router.assertClean();
  }

  @Test
  void aKnownAnswerIsThatOfItsAssignmentAgainHeadersAndAll() throws Exception {
    worker.open();
    Queue<Message> all = subscribed("caf.exec.>");
    Correlation ids = new Correlation("trace-1", "run-1", "flow-1", "step-1");
    AssignmentIdentity identity = identity("a", "worker:echo", ids);
    Headers headers = new Headers();
    headers.put("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    Answer answer = Objects.requireNonNull(worker.answers.open(identity, held("r.1", headers)));
    worker.answers.accept(answer, new Overload("healthy", 7), true);
    worker.answers.finish(answer, success(identity), true);
    awaitSettled();

    assertThat(worker.answers.open(identity, held("r.2", headers))).isNull();
    AssignmentIdentity stranger = identity.withTenantId("tenant-b");
    assertThat(worker.answers.open(stranger, held("r.3", headers))).isNull();
    awaitSettled();

    await().atMost(SOON).until(() -> all.size() == 6);
    assertThat(all.stream().map(AnswersTest::told).distinct()).hasSize(2);
    assertThat(all).allSatisfy(one -> assertThat(told(one)).contains("cp2", "tenant-a", "-01"));
  }

  @Test
  void aKnownResultThatTheServerWouldNotTakeAnyMoreIsPublishedInASmallerForm() throws Exception {
    worker.open();
    Answer answer = open("a", held("reply.1"));
    worker.answers.accept(answer, null, false);
    Map<String, String> outputs = Map.of("text", "x".repeat(2_000));
    worker.answers.finish(answer, success(identity("a"), outputs), false);
    awaitSettled();
    Queue<Message> results = subscribed(Subjects.STANDARD.result());

    worker.openTaking(1_000);
    assertThat(worker.answers.open(identity("a"), held("reply.2"))).isNull();
    awaitSettled();

    await().atMost(SOON).until(() -> results.size() == 1);
    assertThat(new String(results.remove().getData(), UTF_8))
        .contains("QUOTA_EXCEEDED", "\"request_id\":\"r-a\"")
        .doesNotContain("xxx");
    assertStored(1, 1);
  }

  @Test
  void aRedeliveryWhileTheAnswerIsUnpublishedJoinsIt() {
    Answer answer = open("a", held("reply.1"));
    worker.answers.accept(answer, null, false);
    worker.answers.finish(answer, success(identity("a")), false);
    assertThat(worker.answers.open(identity("a"), held("reply.2"))).isNull();
    assertThat(worker.leases.held()).isEqualTo(2);

    worker.open();

    awaitSettled();
    assertThat(worker.leases.held()).isZero();
    assertStored(1, 1);
  }

  @Test
  void handsAStepBackWhenThereIsNoMemoryForItsResult() {
    try (ResultFixture small = new ResultFixture(ResultFixture.jetStream(), 100)) {
      Answer one = Objects.requireNonNull(small.answers.open(identity("a"), held("reply.a")));
      Answer two = Objects.requireNonNull(small.answers.open(identity("b"), held("reply.b")));
      Answer core =
          Objects.requireNonNull(small.answers.open(identity("c"), delivery((Lease) null)));
      small.answers.accept(one, null, false);
      small.answers.accept(two, null, false);
      small.answers.accept(core, null, false);

      assertThat(small.answers.finish(one, failure(identity("a")), false, Reason.FAILED)).isNull();
      assertThat(small.answers.finish(core, success(identity("c")), false)).isNotNull();
      assertThat(small.answers.unfinished()).isEqualTo(2);
      small.open();
      await().atMost(SOON).until(small.outbox::isEmpty);
      assertThat(small.router.streams().storedDeadLetters()).isEmpty();
      assertThat(small.answers.finish(two, success(identity("b")), false)).isNotNull();
      await().atMost(SOON).until(() -> small.answers.unfinished() == 0);

      assertThat(small.leases.held()).isZero();
      assertThat(small.router.streams().storedResults()).hasSize(2);
    }
  }

  @Test
  void keepsEveryResultOfCoreDeliveryThoughThereIsNoMemoryForThem() {
    CoreTransport core = new CoreTransport(Runnable::run);
    try (ResultFixture small = new ResultFixture(core, 100)) {
      for (int i = 0; i < 20; i++) {
        AssignmentIdentity identity = identity("a-" + i);
        Answer answer =
            Objects.requireNonNull(small.answers.open(identity, delivery((Lease) null)));
        small.answers.accept(answer, null, false);
        assertThat(small.answers.finish(answer, failure(identity), false, Reason.FAILED))
            .isNotNull();
      }
      assertThat(small.outbox.hasRoom()).isFalse();

      small.open();

      await().atMost(SOON).until(() -> small.answers.unfinished() == 0);
      assertThat(small.outbox.hasRoom()).isTrue();
      await().atMost(SOON).until(() -> small.router.streams().stored("caf.exec.dlq.v1") == 20);
      assertThat(small.router.streams().storedResults()).hasSize(20);
      small.router.assertClean();
    }
  }

  @Test
  void handsBackWhatNobodyLookedAt() throws Exception {
    worker.open();
    Map<String, Integer> told = acknowledgements();
    worker.answers.handBack(held("reply.1"));
    worker.answers.handBack(delivery((Lease) null));
    await().atMost(SOON).untilAsserted(() -> assertThat(told).isEqualTo(Map.of("reply.1-NAK", 1)));
    assertThat(worker.leases.held()).isZero();
  }

  @Test
  void letsGoOfEveryLeaseWhenAKnownAnswerIsAskedForAtOnce() throws Exception {
    worker.open();
    worker.answers.reject(
        open("a", held("reply.first")), RejectReason.QUEUE_FULL, "full", null, false);
    awaitSettled();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 8; i++) {
        String thread = "reply." + i + "-";
        threads.execute(
            () -> {
              for (int n = 0; n < 1_000; n++) {
                assertThat(worker.answers.open(identity("a"), held(thread + n))).isNull();
              }
            });
      }
    }
    awaitSettled();
    assertStored(1, 0);
  }

  /**
   * Eight threads open, decide, end and hand back the same ids in every order: whoever got the
   * answer settles it once, and each delivery's lease is let go exactly once.
   */
  @Test
  void settlesEachAssignmentOnceAndLetsGoOfEachLeaseOnce() throws Exception {
    worker.open();
    Map<String, Integer> told = acknowledgements();
    int ids = 200;
    int deliveries = 8;
    Set<String> finished = ConcurrentHashMap.newKeySet();
    AtomicInteger doubles = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(deliveries)) {
      List<Future<?>> all =
          IntStream.range(0, deliveries)
              .<Future<?>>mapToObj(
                  thread ->
                      threads.submit(
                          () -> {
                            for (int i = 0; i < ids; i++) {
                              String id = "a-" + i;
                              Answer answer =
                                  worker.answers.open(
                                      identity(id), held("reply." + id + "-" + thread));
                              if (answer != null && race(answer) && !finished.add(id)) {
                                doubles.incrementAndGet();
                              }
                            }
                          }))
              .toList();
      for (Future<?> one : all) {
        one.get(30, TimeUnit.SECONDS);
      }
    }
    awaitSettled();
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(told.values().stream().mapToInt(Integer::intValue).sum())
                    .isEqualTo(ids * deliveries));

    assertThat(doubles).hasValue(0);
    assertThat(told.values()).containsOnly(1);
    assertThat(worker.leases.held()).isZero();
    assertThat(worker.outbox.unpublishedAnswers()).isZero();
    assertThat(worker.router.streams().stored("caf.exec.result.v1")).isEqualTo(finished.size());
    assertThat(worker.router.contradictions()).isEmpty();
    worker.router.assertClean();
  }

  /** True when a result was given. */
  private boolean race(Answer answer) {
    boolean gaveBack = ThreadLocalRandom.current().nextInt(4) == 0;
    Thread rival =
        Thread.ofPlatform()
            .start(
                () -> {
                  if (gaveBack) {
                    answer.handBack();
                  } else {
                    worker.answers.accept(answer, null, false);
                  }
                });
    boolean first = worker.answers.finish(answer, success(answer.identity()), false) != null;
    boolean second = worker.answers.finish(answer, failure(answer.identity()), false) != null;
    try {
      rival.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    assertThat(first && second).isFalse();
    return first && !gaveBack;
  }

  private Answer open(String id, Delivery delivery) {
    AssignmentIdentity identity = identity(id);
    return Objects.requireNonNull(worker.answers.open(identity, delivery));
  }

  private static Delivery held(String replyTo) {
    return delivery(new Lease(replyTo, "stream-1", TimeSource.system().nanos(), 0));
  }

  /** How often each reply subject was told what, renewals apart. */
  private Map<String, Integer> acknowledgements() throws Exception {
    Map<String, Integer> told = new ConcurrentHashMap<>();
    Connection connection = worker.router.connection();
    Dispatcher dispatcher =
        connection.createDispatcher(
            (Message message) -> {
              String what = new String(message.getData(), UTF_8);
              if (!what.equals("+WPI")) {
                told.merge(message.getSubject() + what, 1, Integer::sum);
              }
            });
    dispatcher.subscribe("reply.>");
    connection.flush(SOON);
    return told;
  }

  private static Delivery held(String replyTo, Headers headers) {
    Lease lease = new Lease(replyTo, "stream-1", TimeSource.system().nanos(), 0);
    return new Delivery("caf.exec.assign.v1", new byte[0], headers, lease, 1);
  }

  /** All that a message says. */
  private static String told(Message message) {
    Map<String, List<String>> headers = new TreeMap<>();
    message.getHeaders().forEach(headers::put);
    return message.getSubject() + headers + new String(message.getData(), UTF_8);
  }

  private Queue<Message> subscribed(String subject) throws Exception {
    Queue<Message> messages = new ConcurrentLinkedQueue<>();
    Connection connection = worker.router.connection();
    Dispatcher unused = connection.createDispatcher(messages::add).subscribe(subject);
    connection.flush(SOON);
    return messages;
  }

  /** The Router listens to dead letters, but none is stored. */
  private void withoutDeadLetterStream() throws Exception {
    JetStreamManagement management = worker.router.connection().jetStreamManagement();
    management.deleteStream(management.getStreamNames("caf.exec.dlq.v1").getFirst());
  }

  private void awaitSettled() {
    await()
        .atMost(SOON)
        .until(
            () ->
                worker.answers.unfinished() == 0
                    && worker.outbox.isEmpty()
                    && worker.leases.held() == 0);
  }

  private void assertStored(int acks, int results) {
    assertThat(worker.router.streams().storedAcks()).hasSize(acks);
    assertThat(worker.router.streams().storedResults()).hasSize(results);
  }
}
