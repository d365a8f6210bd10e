package io.beamline.worker.connection;

import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Says in a sentence why NATS cannot be used. */
final class Trouble {

  /** Up to the last sign of its kind, for a password may have one that nobody escaped. */
  private static final Pattern CREDENTIALS = Pattern.compile("//[^\\s,\\]]*@");

  private static final String UNSIGNED = "nobody trusted has signed the server's certificate";

  /** Over TLS 1.3 the client does not learn that its certificate was refused or missed. */
  private static final String SILENT =
      "no answer in time; over TLS so does a server that wants a certificate of the worker";

  private Trouble() {}

  /** The sentence, without user or password of a server: it is logged, and shown to anybody. */
  static String describe(Throwable e) {
    return withoutCredentials(sentence(e));
  }

  /** A text with URLs, each without its user and password. */
  static String withoutCredentials(String text) {
    return CREDENTIALS.matcher(text).replaceAll("//");
  }

  private static String sentence(Throwable e) {
    String message = e.getMessage();
    return switch (e) {
      case UnusableStreamException unusable -> String.valueOf(message);
      case JetStreamApiException refused when refused.getErrorCode() == 503 ->
          "JetStream is not enabled for this account: " + refused.getErrorDescription();
      case JetStreamApiException refused -> "JetStream refused: " + refused.getErrorDescription();
      case IOException io when message != null && message.contains("NATS JetStream server") ->
          "JetStream is not enabled on the server, or does not answer";
      case IOException io when io.getCause() != null -> message + ": " + reason(io.getCause());
      default -> message == null ? e.getClass().getSimpleName() : message;
    };
  }

  /** The innermost cause says it best. */
  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return switch (cause) {
      case CertPathBuilderException unsigned -> UNSIGNED;
      case CertPathValidatorException unsigned -> UNSIGNED;
      case TimeoutException silent -> SILENT;
      default -> sentence(cause);
    };
  }
}
