package io.beamline.worker.config;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The timeouts of a step and of its operations (W3-2, contract sections 5 and 8). CP1 uses {@code
 * total} only, as the timeout of one HTTP attempt.
 *
 * @param total a step's time if its assignment sets none, 1 ms to 1 h
 * @param http the timeouts of HTTP requests
 * @param fs the timeouts of file operations
 * @param sql the timeout of SQL statements
 * @param nats the timeout of requests over NATS
 */
@ConfigurationProperties("worker.timeouts")
public record TimeoutProperties(
    @DefaultValue("30s") @DurationMin(millis = 1) @DurationMax(hours = 1) Duration total,
    @DefaultValue Http http,
    @DefaultValue Fs fs,
    @DefaultValue Sql sql,
    @DefaultValue Nats nats) {

  /**
   * The timeouts of HTTP requests.
   *
   * @param connect name lookup and connect, and as long again for the TLS handshake, 1 ms to 10
   *     min; most systems give up a connect after some 2 min by themselves
   * @param response from the request's last byte to the response's last, and while the request is
   *     sent the time without a byte either way, 1 ms to 1 h
   */
  public record Http(
      @DefaultValue("5s") @DurationMin(millis = 1) @DurationMax(minutes = 10) Duration connect,
      @DefaultValue("30s") @DurationMin(millis = 1) @DurationMax(hours = 1) Duration response) {}

  /**
   * The timeouts of file operations.
   *
   * @param read 1 ms to 1 h
   * @param write 1 ms to 1 h
   * @param delete 1 ms to 1 h
   */
  public record Fs(
      @DefaultValue("5s") @DurationMin(millis = 1) @DurationMax(hours = 1) Duration read,
      @DefaultValue("10s") @DurationMin(millis = 1) @DurationMax(hours = 1) Duration write,
      @DefaultValue("5s") @DurationMin(millis = 1) @DurationMax(hours = 1) Duration delete) {}

  /**
   * The timeout of SQL statements.
   *
   * @param query from the wait for a connection to the last row, 1 ms to 1 h
   */
  public record Sql(
      @DefaultValue("30s") @DurationMin(millis = 1) @DurationMax(hours = 1) Duration query) {}

  /**
   * The timeout of requests over NATS.
   *
   * @param request from the publication to the reply, 1 ms to 1 h
   */
  public record Nats(
      @DefaultValue("30s") @DurationMin(millis = 1) @DurationMax(hours = 1) Duration request) {}
}
