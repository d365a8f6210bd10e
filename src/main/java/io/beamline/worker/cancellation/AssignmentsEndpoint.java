package io.beamline.worker.cancellation;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.connection.SessionListener;
import io.beamline.worker.contract.CancelRequest;
import io.beamline.worker.execution.Step;
import io.beamline.worker.execution.StepView;
import io.beamline.worker.observability.http.Caller;
import io.beamline.worker.observability.http.EndpointError;
import io.beamline.worker.queue.StepPools;
import io.beamline.worker.result.Answers;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.http.HttpStatus;

/**
 * Shows what the worker has under way, and cancels it on request: {@code /actuator/assignments},
 * behind the login (contract section 9). The server's threads call it concurrently. Thread-safe:
 * its own state is one volatile reference.
 */
@WebEndpoint(id = "assignments")
final class AssignmentsEndpoint implements SessionListener {

  private final Answers answers;
  private final StepPools pools;
  private final Cancellations cancellations;
  private final CancelPublisher publisher;
  private final TimeSource time;
  private volatile @Nullable NatsSession session;

  AssignmentsEndpoint(
      Answers answers,
      StepPools pools,
      Cancellations cancellations,
      CancelPublisher publisher,
      TimeSource time) {
    this.answers = answers;
    this.pools = pools;
    this.cancellations = cancellations;
    this.publisher = publisher;
    this.time = time;
  }

  @Override
  public void opened(NatsSession opened) {
    session = opened;
  }

  @Override
  public void closed() {
    session = null;
  }

  /**
   * Returns what is under way or stuck, the oldest first, without any payload.
   *
   * @param limit the most to return, 1 to 1000; null for 100
   * @param tenant_id only those of this tenant
   * @param step_type only those of this type, a canonical name
   * @param stage only those in this stage: {@code queued}, {@code waiting}, {@code running} or
   *     {@code stuck}
   */
  @ReadOperation
  @SuppressWarnings("MemberName") // the names of the parameters are those of the query
  public WebEndpointResponse<Map<String, Object>> list(
      @Nullable String limit,
      @Nullable String tenant_id,
      @Nullable String step_type,
      @Nullable String stage) {
    return switch (UnderwayFilter.of(limit, tenant_id, step_type, stage)) {
      case UnderwayFilter.Wrong(String sentence) -> error(HttpStatus.BAD_REQUEST, sentence);
      case UnderwayFilter.Selection selection -> new WebEndpointResponse<>(describe(selection));
    };
  }

  /**
   * Publishes a request to cancel one assignment, which holds for the fleet.
   *
   * @param assignmentId its id
   * @param cancel true, nothing else; Spring hands over a boolean as its text
   * @param reason a text for people
   * @param tenant_id its tenant; null if the assignment is under way here
   */
  @WriteOperation
  @SuppressWarnings("MemberName") // the names of the parameters are those of the body
  public WebEndpointResponse<Map<String, Object>> cancel(
      SecurityContext caller,
      @Selector String assignmentId,
      @Nullable String cancel,
      @Nullable String reason,
      @Nullable String tenant_id) {
    if (!"true".equals(cancel)) {
      return error(HttpStatus.BAD_REQUEST, "cancel must be there, and be true");
    }
    String tenant = tenant_id == null ? tenantOf(assignmentId) : tenant_id;
    if (tenant == null) {
      return error(
          HttpStatus.NOT_FOUND,
          "this worker does not have the assignment: ask the one that has it, or name its tenant_id");
    }
    return switch (CancelOrder.of(
        assignmentId, tenant, reason, Caller.name(caller), time.epochMillis())) {
      case CancelOrder.Refused(String sentence) -> error(HttpStatus.BAD_REQUEST, sentence);
      case CancelOrder.Publishable(CancelRequest request) -> publish(request);
    };
  }

  private WebEndpointResponse<Map<String, Object>> publish(CancelRequest request) {
    NatsSession current = session;
    if (current == null) {
      return error(HttpStatus.SERVICE_UNAVAILABLE, "NATS is away: ask again when it is back");
    }
    try {
      publisher.publish(current.jetStream(), request);
    } catch (IOException | JetStreamApiException e) {
      return error(
          HttpStatus.SERVICE_UNAVAILABLE,
          "the request was not stored: " + current.jetStream().describeFailure(e));
    } catch (IllegalStateException e) {
      return error(HttpStatus.SERVICE_UNAVAILABLE, "NATS is away: ask again when it is back");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return error(HttpStatus.SERVICE_UNAVAILABLE, "the worker stops");
    }
    String assignmentId = request.target().id();
    String tenantId = request.target().tenantId();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("assignment_id", assignmentId);
    body.put("tenant_id", tenantId);
    body.put("published", true);
    body.put("enabled", cancellations.isOn(assignmentId, tenantId));
    return new WebEndpointResponse<>(body);
  }

  private @Nullable String tenantOf(String assignmentId) {
    return answers.underway(assignmentId) instanceof Step step
        ? step.assignment().tenantId()
        : null;
  }

  private Map<String, Object> describe(UnderwayFilter.Selection selection) {
    long now = time.nanos();
    List<Seen> all = new ArrayList<>();
    answers.forEachUnderway(
        work -> {
          Step step = (Step) work;
          addIfWanted(all, step, step.view(now), selection);
        });
    pools.forEachStuck((step, view) -> addIfWanted(all, step, view, selection));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("count", all.size());
    body.put(
        "assignments",
        all.stream()
            .sorted(Comparator.comparingLong((Seen seen) -> seen.view().ageMs()).reversed())
            .limit(selection.limit())
            .map(AssignmentsEndpoint::describe)
            .toList());
    return body;
  }

  private static void addIfWanted(
      List<Seen> all, Step step, @Nullable StepView view, UnderwayFilter.Selection selection) {
    if (view != null && selection.matches(view)) {
      all.add(new Seen(step, view));
    }
  }

  private static Map<String, Object> describe(Seen seen) {
    StepView view = seen.view();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("assignment_id", view.assignmentId());
    body.put("tenant_id", view.tenantId());
    body.put("step_type", view.stepType());
    body.put("stage", view.stage().wireName());
    body.put("attempts", view.attempts());
    body.put("age_ms", view.ageMs());
    if (view.deadlineInMs() != null) {
      body.put("deadline_in_ms", view.deadlineInMs());
    }
    if (view.stuckMs() != null) {
      body.put("stuck_ms", view.stuckMs());
    }
    String destination = seen.step().destination();
    if (destination != null) {
      body.put("destination", destination);
    }
    return body;
  }

  private static WebEndpointResponse<Map<String, Object>> error(HttpStatus status, String message) {
    return EndpointError.response(status, message);
  }

  /** A step, and what was seen of it. */
  private record Seen(Step step, StepView view) {}
}
