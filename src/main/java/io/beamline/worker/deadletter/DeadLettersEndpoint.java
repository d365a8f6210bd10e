package io.beamline.worker.deadletter;

import io.beamline.worker.observability.http.Caller;
import io.beamline.worker.observability.http.EndpointError;
import io.beamline.worker.timeout.TimeSource;
import java.time.Instant;
import java.util.HashMap;
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
 * Lists, shows and replays dead letters: {@code /actuator/deadletters}, behind the login (contract
 * section 9). It does what the commands do, in answers of bounded size and time. The server's
 * threads call it concurrently. Thread-safe: it has no state of its own.
 */
@WebEndpoint(id = "deadletters")
@SuppressWarnings("MemberName") // the names of the parameters are those of queries and bodies
final class DeadLettersEndpoint {

  private static final int USUAL_LIMIT = 100;

  private final LetterRequests requests;
  private final TimeSource time;

  DeadLettersEndpoint(LetterRequests requests, TimeSource time) {
    this.requests = requests;
    this.time = time;
  }

  /**
   * Returns the letters that match, without their payloads.
   *
   * @param limit the most to return, 1 to 1000; null for 100
   * @param order {@code newest} or {@code oldest} first; null for the newest
   * @param from the lowest number in the stream
   * @param to the highest number in the stream
   * @param reason {@code malformed}, {@code max_deliver} or {@code failed}
   * @param tenant_id only those of this tenant
   * @param type only those of jobs of this type
   * @param code only those with this error, by its name
   * @param since only those since a time, or for so long
   * @param until only those before a time
   */
  @ReadOperation
  public WebEndpointResponse<Map<String, Object>> list(
      @Nullable String limit,
      @Nullable String order,
      @Nullable String from,
      @Nullable String to,
      @Nullable String reason,
      @Nullable String tenant_id,
      @Nullable String type,
      @Nullable String code,
      @Nullable String since,
      @Nullable String until) {
    return answer(
        () -> {
          Map<String, @Nullable String> given =
              given(limit, from, to, reason, tenant_id, type, code, since, until);
          given.put("order", order);
          LetterQuery query = LetterQuery.of(given, USUAL_LIMIT, now());
          return requests.run(letters -> letters.list(query));
        });
  }

  /**
   * Returns one letter, without secrets.
   *
   * @param sequence its number in the stream
   * @param original {@code true} also shows the original message; null does not
   */
  @ReadOperation
  public WebEndpointResponse<Map<String, Object>> show(
      @Selector String sequence, @Nullable String original) {
    return answer(
        () -> {
          long number = LetterQuery.sequence(sequence);
          boolean whole = isTrue("original", original);
          return requests.run(letters -> letters.show(number, whole));
        });
  }

  /**
   * Replays the letters that match, the oldest first.
   *
   * @param replay true, nothing else; Spring hands over a boolean as its text
   * @param dry_run true only returns what would be done; null for false
   * @param limit the most to replay, 1 to 1000; null for 1000
   */
  @WriteOperation
  public WebEndpointResponse<Map<String, Object>> replayAll(
      SecurityContext caller,
      @Nullable String replay,
      @Nullable String dry_run,
      @Nullable String limit,
      @Nullable String from,
      @Nullable String to,
      @Nullable String reason,
      @Nullable String tenant_id,
      @Nullable String type,
      @Nullable String code,
      @Nullable String since,
      @Nullable String until) {
    return answer(
        () -> {
          boolean dryRun = isDryRun(replay, dry_run);
          LetterQuery query =
              LetterQuery.of(
                  given(limit, from, to, reason, tenant_id, type, code, since, until),
                  LetterQuery.MAX_LIMIT,
                  now());
          String by = Caller.name(caller);
          return requests.run(letters -> letters.replayAll(query, dryRun, by));
        });
  }

  /**
   * Replays one letter.
   *
   * @param sequence its number in the stream
   * @param replay true, nothing else
   * @param dry_run true only returns what would be done; null for false
   */
  @WriteOperation
  public WebEndpointResponse<Map<String, Object>> replayOne(
      SecurityContext caller,
      @Selector String sequence,
      @Nullable String replay,
      @Nullable String dry_run) {
    return answer(
        () -> {
          boolean dryRun = isDryRun(replay, dry_run);
          long number = LetterQuery.sequence(sequence);
          String by = Caller.name(caller);
          return requests.run(letters -> letters.replayOne(number, dryRun, by));
        });
  }

  private Instant now() {
    return Instant.ofEpochMilli(time.epochMillis());
  }

  private static boolean isDryRun(@Nullable String replay, @Nullable String dryRun)
      throws LetterRequestException {
    if (!"true".equals(replay)) {
      throw LetterRequestException.invalid("replay must be there, and be true");
    }
    return isTrue("dry_run", dryRun);
  }

  private static boolean isTrue(String name, @Nullable String text) throws LetterRequestException {
    if (text != null && !text.equals("true") && !text.equals("false")) {
      throw LetterRequestException.invalid(name + " must be true or false");
    }
    return "true".equals(text);
  }

  private static Map<String, @Nullable String> given(
      @Nullable String limit,
      @Nullable String from,
      @Nullable String to,
      @Nullable String reason,
      @Nullable String tenant,
      @Nullable String type,
      @Nullable String code,
      @Nullable String since,
      @Nullable String until) {
    Map<String, @Nullable String> given = new HashMap<>();
    given.put("limit", limit);
    given.put("from", from);
    given.put("to", to);
    given.put("reason", reason);
    given.put("tenant_id", tenant);
    given.put("type", type);
    given.put("code", code);
    given.put("since", since);
    given.put("until", until);
    return given;
  }

  private static WebEndpointResponse<Map<String, Object>> answer(LetterAnswer answer) {
    try {
      return new WebEndpointResponse<>(answer.body());
    } catch (LetterRequestException e) {
      return EndpointError.response(e.status(), e.sentence());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return EndpointError.response(HttpStatus.SERVICE_UNAVAILABLE, "the worker stops");
    }
  }

  /** What answers a request. */
  @FunctionalInterface
  private interface LetterAnswer {

    /** Returns the body of the answer. */
    Map<String, Object> body() throws LetterRequestException, InterruptedException;
  }
}
