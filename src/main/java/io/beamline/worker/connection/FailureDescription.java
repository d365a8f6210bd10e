package io.beamline.worker.connection;

import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Describes in a sentence why NATS cannot be used. Pure. */
public final class FailureDescription {

  /** Matches up to the last {@code @}, because a password may contain one that is not escaped. */
  private static final Pattern CREDENTIALS = Pattern.compile("//[^\\s,\\]]*@");

  private static final String UNTRUSTED = "nobody trusted has signed the server's certificate";

  /** With TLS 1.3 the client does not learn that its certificate was refused or is missing. */
  private static final String NO_ANSWER =
      "no answer in time; over TLS so does a server that wants a certificate of the worker";

  private FailureDescription() {}

  /**
   * Returns a sentence for a failure. It has no user and no password, because it is logged and
   * shown in health responses.
   */
  public static String describe(Throwable e) {
    return withoutCredentials(sentence(e));
  }

  /** Returns whether a request failed because JetStream did not answer it. */
  static boolean isUnanswered(Throwable e) {
    String message = e.getMessage();
    return e instanceof IOException && message != null && message.contains("NATS JetStream server");
  }

  /** Returns the text with the user and password removed from each URL. */
  static String withoutCredentials(String text) {
    return CREDENTIALS.matcher(text).replaceAll("//");
  }

  private static String sentence(Throwable e) {
    String message = e.getMessage();
    return switch (e) {
      case UnusableStreamException unusable -> String.valueOf(message);
      case JetStreamApiException refused
          when refused.getApiErrorCode() == JetStreamErrors.NOT_ENABLED_FOR_ACCOUNT ->
          "JetStream is not enabled for this account: " + refused.getErrorDescription();
      case JetStreamApiException refused -> "JetStream refused: " + refused.getErrorDescription();
      case IOException io when isUnanswered(io) ->
          "JetStream is not enabled on the server, or does not answer";
      case IOException io when io.getCause() != null -> message + ": " + reason(io.getCause());
      default -> message == null ? e.getClass().getSimpleName() : message;
    };
  }

  /** Returns the sentence of the innermost cause, which is the most specific. */
  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return switch (cause) {
      case CertPathBuilderException unsigned -> UNTRUSTED;
      case CertPathValidatorException unsigned -> UNTRUSTED;
      case TimeoutException silent -> NO_ANSWER;
      default -> sentence(cause);
    };
  }
}
