package io.beamline.worker.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.Subjects;
import io.beamline.worker.support.WireMessage;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A small Router: two assignments a second, one line for each ack, result and dead letter. */
public final class DemoRouter implements AutoCloseable {

  static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
  private static final Subjects SUBJECTS = Subjects.STANDARD;
  private static final String CANCEL = "caf.exec.cancel.v1";

  private final Connection connection;
  private final String site;
  private final String downAtTimes;
  private final PrintStream out;
  private final String atFirstResult;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final Map<String, String> typesOfUnanswered = new ConcurrentHashMap<>();
  private final AtomicBoolean resultSeen = new AtomicBoolean();
  private @Nullable String toCancel;
  private int round = 9; // the first step is a put

  private DemoRouter(
      Connection connection,
      String site,
      String downAtTimes,
      PrintStream out,
      String atFirstResult) {
    this.connection = connection;
    this.site = site;
    this.downAtTimes = downAtTimes;
    this.out = out;
    this.atFirstResult = atFirstResult;
  }

  /**
   * Starts to assign steps, of which some call the two sites, and to print.
   *
   * @param atFirstResult what to print before the first result
   */
  public static DemoRouter start(
      String nats, String site, String downAtTimes, PrintStream out, String atFirstResult)
      throws IOException, InterruptedException {
    Options options =
        Options.builder()
            .server(nats)
            .maxReconnects(-1)
            .reconnectWait(Duration.ofMillis(250))
            .errorListener(new ErrorListener() {})
            .build();
    DemoRouter router =
        new DemoRouter(Nats.connect(options), site, downAtTimes, out, atFirstResult);
    Dispatcher dispatcher =
        router.connection.createDispatcher(message -> router.print(WireMessage.of(message)));
    List.of(SUBJECTS.ack(), SUBJECTS.result(), SUBJECTS.dlq()).forEach(dispatcher::subscribe);
    var unused = router.clock.scheduleAtFixedRate(router::assign, 0, 1, TimeUnit.SECONDS);
    return router;
  }

  @Override
  public void close() throws InterruptedException {
    clock.shutdownNow();
    connection.close();
  }

  private void assign() {
    round++;
    try {
      if (round % 15 == 0) {
        connection.jetStream().publish(SUBJECTS.assign(), "{\"not\": \"JSON".getBytes(UTF_8));
        return;
      }
      Assignments assignment = next();
      assign(assignment);
      cancelWhatWasToBe(assignment);
      assign(Assignments.http(downAtTimes + "/ok").maxAttempts(2));
    } catch (Exception e) {
      line("assign", "failed", e.toString());
    }
  }

  private void assign(Assignments assignment) throws Exception {
    typesOfUnanswered.put(assignment.id(), type(assignment.json()));
    Assignments complete = assignment.deadlineMs(5000).correlated();
    connection.jetStream().publish(SUBJECTS.assign(), complete.bytes());
  }

  /** Cancels the long step of the round before, and remembers that of this round. */
  private void cancelWhatWasToBe(Assignments assignment) throws Exception {
    String id = toCancel;
    if (id != null) {
      String request =
          """
          {"version": "1", "tenant_id": "tenant-a", "assignment_id": "%s",
           "reason": "nobody waits for it", "requested_by": "demo"}
          """
              .formatted(id);
      connection.jetStream().publish(CANCEL, request.getBytes(UTF_8));
    }
    toCancel = round % 10 == 8 ? assignment.id() : null;
  }

  private Assignments next() {
    String file = "demo/" + round / 10 + ".txt";
    return switch (round % 10) {
      case 0 -> Assignments.put(file, "written in round " + round);
      case 1 -> Assignments.get(file);
      case 2 -> Assignments.http(site + "/ok");
      case 3 -> Assignments.echo();
      case 4 -> Assignments.http(site + "/flaky");
      case 5 -> Assignments.sleep(250);
      case 6 -> Assignments.http(site + "/missing").maxAttempts(2);
      case 7 -> Assignments.of("no.such.type");
      case 8 -> Assignments.sleep(4_000); // the next round cancels it
      default -> Assignments.delete(file);
    };
  }

  private void print(WireMessage message) {
    String id = message.text("assignment_id");
    String type = typesOfUnanswered.get(id);
    if (message.subject().equals(SUBJECTS.dlq())) {
      line("dead", message.text("reason"), message.text("error_message"));
    } else if (type != null && message.subject().equals(SUBJECTS.ack())) {
      String detail = message.json().path("metadata").path("detail").stringValue("");
      String status = message.text("status");
      line("ack", status, "%-15s %s  %s".formatted(type, message.text("reason"), detail));
      if (status.equals("rejected")) {
        typesOfUnanswered.remove(id);
      }
    } else if (type != null) {
      typesOfUnanswered.remove(id);
      result(message, message.json());
    }
  }

  private void result(WireMessage message, JsonNode json) {
    if (resultSeen.compareAndSet(false, true)) {
      out.println(atFirstResult);
    }
    String code = message.text("error_code");
    String error = code.isEmpty() ? "" : code + ": " + message.text("error_message");
    String what =
        "%-15s attempts %d  %4d ms  %s"
            .formatted(
                type(json),
                json.path("retries_used").intValue(0) + 1,
                json.path("latency_ms").longValue(0),
                error);
    line("result", message.text("status"), what);
  }

  private static String type(JsonNode json) {
    return json.path("job").path("type").stringValue("?");
  }

  private void line(String kind, String status, String what) {
    String time = LocalTime.now(ZoneId.systemDefault()).format(TIME);
    out.println("%s  %-7s %-9s %s".formatted(time, kind, status, what).stripTrailing());
  }
}
