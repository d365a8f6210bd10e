package io.beamline.worker.block.http;

import java.io.IOException;

/**
 * The proxy, and not the destination, kept a request from its destination. Its message is a fixed
 * sentence. It has no stack trace, because it says where it comes from.
 */
final class ProxyFailedException extends IOException {

  private static final long serialVersionUID = 1L;
  private static final int LOGIN_REQUIRED = 407;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;

  /** The status that the proxy answered; 0 if it gave no answer. */
  private final int status;

  private ProxyFailedException(String message, int status) {
    super(message);
    this.status = status;
  }

  /** It cannot be found, or nobody accepts the connection. */
  static ProxyFailedException unreachable() {
    return new ProxyFailedException("The proxy cannot be reached", 0);
  }

  /** It ended the connection without an answer. */
  static ProxyFailedException closed() {
    return new ProxyFailedException("The proxy closed the connection", 0);
  }

  /** What it answers is not HTTP. */
  static ProxyFailedException unreadable() {
    return new ProxyFailedException("The answer of the proxy cannot be read", 0);
  }

  /** It answered with another status than 2xx. */
  static ProxyFailedException refused(int status) {
    String message =
        status == LOGIN_REQUIRED
            ? "The proxy refused the login of the worker"
            : "The proxy did not open the connection";
    return new ProxyFailedException(message, status);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }

  /** Returns whether the proxy answered that the worker itself is not known to it. */
  static boolean isLoginRequired(int status) {
    return status == LOGIN_REQUIRED;
  }

  /** Returns the status that the proxy answered; 0 if it gave no answer. */
  int status() {
    return status;
  }

  /** Returns whether another attempt could succeed. */
  boolean isRetryable() {
    return status == 0
        || status >= SERVER_ERROR
        || status == REQUEST_TIMEOUT
        || status == TOO_MANY_REQUESTS;
  }
}
