package io.beamline.worker.observability.tracing;

/**
 * Begins the spans of clients: what an attempt asks of others. A span belongs to the attempt of the
 * calling thread. Thread-safe.
 */
public interface ClientSpans {

  /** Traces nothing, and allocates nothing. */
  ClientSpans OFF = Untraced.INSTANCE;

  /**
   * Begins the span of an HTTP request.
   *
   * @param method the method, in upper case
   * @param host the host as in the URL; neither path nor query
   * @param port the port
   */
  ClientSpan http(String method, String host, int port);

  /**
   * Begins the span of an SQL statement, which is not shown.
   *
   * @param system the kind of database, such as {@code postgresql}
   * @param datasource its name in the settings
   */
  ClientSpan sql(String system, String datasource);

  /** Begins the span of a request over NATS to a subject. */
  ClientSpan nats(String subject);
}
