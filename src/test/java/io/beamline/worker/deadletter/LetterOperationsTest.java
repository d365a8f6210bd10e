package io.beamline.worker.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamline.worker.connection.ConnectionFixture;
import io.beamline.worker.connection.JetStreamApi;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.util.RawValue;

/** What a request over HTTP does with the letters of a real stream. */
class LetterOperationsTest {

  private static final String DLQ = "caf.exec.dlq.v1";
  private static final TimeSource TIME = TimeSource.system();

  private static NatsServer nats;

  private Connection connection;
  private JetStreamApi jetStream;
  private JetStreamManagement management;

  @BeforeAll
  static void startNats() {
    nats = NatsServer.start();
  }

  @AfterAll
  static void stopNats() {
    nats.close();
  }

  @BeforeEach
  void connect() throws Exception {
    connection = nats.connect();
    jetStream = new JetStreamApi(connection, "");
    management = connection.jetStreamManagement();
    ConnectionFixture.prepared(connection);
  }

  @AfterEach
  void wipe() throws Exception {
    for (String stream : management.getStreamNames()) {
      management.deleteStream(stream);
    }
    connection.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"newest", "oldest"})
  void listsEachLetterOnceOverAllPages(String order) throws Exception {
    letters(70);
    for (long gone : new long[] {1, 20, 21, 22, 70}) {
      management.deleteMessage("CAF_EXEC_DLQ_V1", gone);
    }
    List<Long> seen = new ArrayList<>();
    Map<String, @Nullable String> given = new HashMap<>(Map.of("limit", "7", "order", order));
    int pages = 0;
    for (Map<?, ?> next = Map.of(); next != null; pages++) {
      next.forEach((name, value) -> given.put(String.valueOf(name), String.valueOf(value)));
      Map<String, Object> page = operations().list(query(given));
      List<Long> numbers = numbers(page);
      assertThat(numbers).hasSizeLessThanOrEqualTo(7);
      assertThat(page).containsEntry("stored", 65L).containsEntry("count", numbers.size());
      seen.addAll(numbers);
      next = (Map<?, ?>) page.get("next");
    }
    List<Long> all = LongStream.rangeClosed(2, 69).filter(n -> n < 20 || n > 22).boxed().toList();
    assertThat(seen).containsExactlyElementsOf(order.equals("oldest") ? all : all.reversed());
    assertThat(pages).isBetween(10, 12);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          reason=failed                                  | 1 2 4
          reason=malformed                               | 3
          tenant_id=acme                                 | 2
          type=sleep                                     | 4
          code=NETWORK_ERROR                             | 1 2
          code=NETWORK_ERROR,tenant_id=t                 | 1
          since=1h                                       | 1 2 3 4 5
          since=2999-01-01T00:00:00Z                     |
          until=1h                                       |
          until=2999-01-01T00:00:00Z,reason=malformed    | 3
          from=2,to=3                                    | 2 3
          from=9                                         |
          to=1                                           | 1
          """)
  void selectsByEachFilterInBothOrders(String filters, @Nullable String numbers) throws Exception {
    publish(Letters.failed(Letters.ORIGINAL));
    publish(Letters.failed(Letters.ORIGINAL).replace("\"t\"", "\"acme\""));
    publish("{\"reason\":\"malformed\",\"tenant_id\":\"t\",\"error_code\":\"INVALID_FORMAT\"}");
    publish("{\"reason\":\"failed\",\"job\":{\"type\":\"sleep\"}}");
    publish("not JSON");
    List<Long> expected =
        numbers == null ? List.of() : Stream.of(numbers.split(" ", -1)).map(Long::valueOf).toList();
    for (String order : List.of("oldest", "newest")) {
      Map<String, @Nullable String> given = new HashMap<>(Map.of("order", order));
      for (String filter : filters.split(",", -1)) {
        given.put(filter.split("=", 2)[0], filter.split("=", 2)[1]);
      }
      Map<String, Object> page = operations().list(query(given));
      assertThat(numbers(page)).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(page).doesNotContainKey("next");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          reason=other     | reason must be one of malformed, max_deliver, failed
          code=NETWORK     | code must be the name of an error code
          tenant_id=       | tenant_id must not be empty
          type=            | type must not be empty
          since=yesterday  | since must be a time such as
          until=2026-13-01 | until must be a time such as
          limit=0          | limit must be a whole number from 1 to 1000
          limit=1001       | limit must be a whole number from 1 to 1000
          limit=x          | limit must be a whole number from 1 to 1000
          from=0           | from must be a whole number from 1
          to=-1            | to must be a whole number from 1
          order=random     | order must be newest or oldest
          """)
  void namesTheParameterThatIsWrong(String parameter, String sentence) {
    Map<String, @Nullable String> given = new HashMap<>();
    given.put(parameter.split("=", 2)[0], parameter.split("=", 2)[1]);
    assertThatThrownBy(() -> query(given))
        .isInstanceOfSatisfying(
            LetterRequestException.class, e -> assertThat(e.status().value()).isEqualTo(400))
        .hasMessageContaining(sentence);
  }

  @Test
  void showsALetterWithItsOriginalOnlyOnRequestAndNeverItsSecrets() throws Exception {
    letters(1);
    Map<String, Object> page = operations().show(1, false);
    assertThat(page)
        .containsEntry("sequence", 1L)
        .containsEntry("replay", "open")
        .containsEntry("original_bytes", Letters.ORIGINAL.length());
    assertThat(json(page)).contains("NETWORK_ERROR").doesNotContain("\"original\"", "1.10");
    assertThat(json(operations().show(1, true)))
        .contains("\"n\": 1.10", "\"password\": \"[REDACTED]\"")
        .doesNotContain("hush");
    assertThatThrownBy(() -> operations().show(2, false))
        .isInstanceOfSatisfying(
            LetterRequestException.class, e -> assertThat(e.status().value()).isEqualTo(404))
        .hasMessageContaining("has no dead letter 2");
  }

  @Test
  void showsNothingOfAnOriginalWithoutNames() throws Exception {
    publish(
        "{\"reason\":\"malformed\",\"original\":\"aHVzaA==\",\"original_encoding\":\"base64\"}");
    Map<String, Object> page = operations().show(1, true);
    assertThat(page).containsEntry("original_bytes", 4);
    assertThat(json(page)).contains("malformed").doesNotContain("aHVzaA", "hush");
  }

  @Test
  void previewsWithoutATrace() throws Exception {
    letters(3);
    List<String> before = management.getStreamNames();
    Map<String, Object> body = operations().replayAll(query(Map.of()), true, "me");
    assertThat(body)
        .containsEntry("dry_run", true)
        .containsEntry("possible", 3L)
        .containsEntry("already_replayed", 0L)
        .doesNotContainKeys("replayed", "next");
    assertThat(outcomes(body)).containsExactly("possible", "possible", "possible");
    assertThat(operations().replayOne(1, true, "me")).containsEntry("outcome", "possible");
    assertThat(management.getStreamNames()).isEqualTo(before);
    assertThat(assignments()).isZero();
  }

  @Test
  void replaysEachLetterOnceOverAllPages() throws Exception {
    letters(5);
    publish("not JSON");
    Map<String, @Nullable String> given = new HashMap<>(Map.of("limit", "2"));
    List<String> outcomes = new ArrayList<>();
    for (Map<?, ?> next = Map.of(); next != null; ) {
      next.forEach((name, value) -> given.put(String.valueOf(name), String.valueOf(value)));
      Map<String, Object> body = operations().replayAll(query(given), false, "me");
      outcomes.addAll(outcomes(body));
      next = (Map<?, ?>) body.get("next");
      letters(1); // comes too late for what was asked
    }
    assertThat(outcomes)
        .containsExactly("replayed", "replayed", "replayed", "replayed", "replayed", "impossible");
    assertThat(assignments()).isEqualTo(5);

    Map<String, Object> again = operations().replayAll(query(Map.of("to", "6")), false, "me");
    assertThat(again)
        .containsEntry("replayed", 0L)
        .containsEntry("already_replayed", 5L)
        .containsEntry("impossible", 1L);
    assertThat(operations().replayOne(3, false, "me"))
        .containsEntry("outcome", "already_replayed")
        .containsKeys("assignment_id", "replay_at");
    assertThat(assignments()).isEqualTo(5);
    assertThat(json(operations().list(query(Map.of("to", "5")))))
        .contains("replay=done")
        .doesNotContain("replay=open");
  }

  @Test
  void endsSoonInAHugeStreamAndSaysWhereItGoesOn() throws Exception {
    byte[] letter = Letters.failed(Letters.ORIGINAL).getBytes(UTF_8);
    int many = 20_000;
    for (int i = 0; i < many; i++) {
      connection.publish(DLQ, letter);
    }
    connection.flush(Duration.ofSeconds(60));
    awaitStored(many);
    for (String order : List.of("oldest", "newest")) {
      Map<String, @Nullable String> none =
          Map.of("tenant_id", "nobody", "order", order, "limit", "1000");
      long began = TIME.nanos();
      Map<String, Object> page = operations(Duration.ofMillis(200)).list(query(none));
      assertThat(Duration.ofNanos(TIME.nanos() - began)).isLessThan(Duration.ofSeconds(5));
      assertThat(page).containsEntry("count", 0).containsKey("next");
      Map<?, ?> next = (Map<?, ?>) Objects.requireNonNull(page.get("next"));
      assertThat(String.valueOf(next.get(order.equals("oldest") ? "from" : "to")))
          .as("it got further")
          .isNotEqualTo(order.equals("oldest") ? "1" : String.valueOf(many));
    }
    long began = TIME.nanos();
    Map<String, Object> dry =
        operations(Duration.ofMillis(200)).replayAll(query(Map.of()), true, "me");
    assertThat(Duration.ofNanos(TIME.nanos() - began)).isLessThan(Duration.ofSeconds(5));
    assertThat(dry).containsKey("next");
    assertThat(operations().list(query(Map.of("limit", "3"))))
        .satisfies(page -> assertThat(numbers(page)).containsExactly(20_000L, 19_999L, 19_998L));
  }

  private void awaitStored(int many) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                management.getStreamInfo("CAF_EXEC_DLQ_V1").getStreamState().getMsgCount() == many);
  }

  private LetterOperations operations() throws Exception {
    return operations(Duration.ofSeconds(60));
  }

  private LetterOperations operations(Duration within) throws Exception {
    return new LetterOperations(
        jetStream,
        ConnectionFixture.settings(),
        LetterStream.open(jetStream, DLQ),
        TIME,
        Deadline.after(TIME.nanos(), within));
  }

  private static LetterQuery query(Map<String, @Nullable String> given) throws Exception {
    return LetterQuery.of(given, 100, Instant.ofEpochMilli(TIME.epochMillis()));
  }

  private void letters(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      publish(Letters.failed(Letters.ORIGINAL));
    }
  }

  private void publish(String letter) throws Exception {
    connection.jetStream().publish(DLQ, letter.getBytes(UTF_8));
  }

  private long assignments() throws Exception {
    return management.getStreamInfo("CAF_EXEC_ASSIGN_V1").getStreamState().getMsgCount();
  }

  private static List<Long> numbers(Map<String, Object> page) {
    return rows(page).stream().map(row -> (Long) row.get("sequence")).toList();
  }

  private static List<String> outcomes(Map<String, Object> body) {
    return rows(body).stream().map(row -> String.valueOf(row.get("outcome"))).toList();
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> rows(Map<String, Object> page) {
    return (List<Map<String, Object>>) Objects.requireNonNull(page.get("dead_letters"));
  }

  private static String json(Map<String, Object> body) {
    Object content = body.get("content");
    return content instanceof RawValue raw ? String.valueOf(raw.rawValue()) : body.toString();
  }
}
