package io.beamline.worker.block.http;

import static io.beamline.worker.contract.ErrorCode.CONNECTION_TIMEOUT;
import static io.beamline.worker.contract.ErrorCode.NETWORK_ERROR;
import static io.beamline.worker.contract.ErrorCode.PERMISSION_DENIED;
import static io.beamline.worker.contract.ErrorCode.QUOTA_EXCEEDED;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.block.http.HttpLimits.Cut;
import io.beamline.worker.block.http.HttpLimits.Limit;
import io.beamline.worker.contract.ErrorType;
import io.beamline.worker.contract.StepError;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.handler.timeout.TimeoutException;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBufferLimitException;
import reactor.netty.channel.AbortedException;

/**
 * What a failed exchange means (contract section 3). The client wraps failures in several layers,
 * one of which even says "status 200": the innermost cause that is known decides. Pure.
 */
final class HttpFailures {

  /** No real chain of causes is longer; a circular one is. */
  private static final int LONGEST_CHAIN = 32;

  private HttpFailures() {}

  /** The failure that an exception stands for, null when it is not known. */
  static @Nullable StepFailure of(Throwable failure, Target target) {
    for (Throwable cause : innermostFirst(failure)) {
      if (cause instanceof ResponseUnpublishable unpublishable) {
        return unpublishable.failure();
      }
      StepError error = known(cause, target);
      if (error != null) {
        return new StepFailure(error);
      }
    }
    return null;
  }

  /**
   * The failure that an unknown exception stands for when the attempt has no connection yet: one of
   * the client's own types then says that its pool failed, as it does when it has just forgotten
   * the host. Null for Java's types, which stand for a defect.
   */
  static @Nullable StepFailure withoutConnection(Throwable failure, Target target) {
    boolean ofClient =
        failure instanceof RuntimeException && !failure.getClass().getName().startsWith("java.");
    return ofClient ? new StepFailure(network("The connection was lost", target)) : null;
  }

  /** The failure of an attempt that was cut. */
  static StepFailure cut(Limit limit, Duration elapsed, Target target) {
    Map<String, Object> details = timeoutDetails(limit.cut());
    details.put("timeout_ms", limit.allowed().toMillis());
    details.put("elapsed_ms", elapsed.toMillis());
    String message =
        limit.cut() == Cut.DEADLINE
            ? "The step's time was over before the HTTP request ended"
            : "The HTTP request ran into its " + limit.cut().wireName() + " timeout";
    return StepFailure.of(limit.cut().code(), message, target.details(details));
  }

  /** The failure of a request that must not be made. */
  static StepFailure refused(Target target) {
    return new StepFailure(refusedError(target));
  }

  private static @Nullable StepError known(Throwable cause, Target target) {
    return switch (cause) {
      case DestinationRefused e -> refusedError(target);
      case ResponseTooLarge e -> tooLarge(Map.of("max_bytes", e.limitBytes()), target);
      case DataBufferLimitException e -> tooLarge(Map.of(), target);
      case TooLongFrameException e -> tooLarge(Map.of(), target);
      case SslHandshakeTimeoutException e -> timeout(Cut.HANDSHAKE, target);
      case ConnectTimeoutException e -> timeout(Cut.CONNECT, target);
      case java.util.concurrent.TimeoutException e -> timeout(Cut.CONNECT, target); // the pool's
      case DnsNameResolverTimeoutException e -> timeout(Cut.CONNECT, target);
      case TimeoutException e -> timeout(Cut.RESPONSE, target);
      case CertificateException e -> badCertificate(target);
      case CertPathBuilderException e -> badCertificate(target);
      case CertPathValidatorException e -> badCertificate(target);
      case SSLPeerUnverifiedException e -> badCertificate(target);
      case SSLException e -> network("The TLS connection failed", target);
      case UnknownHostException e -> network("The host is unknown", target);
      case DnsErrorCauseException e -> network("The host is unknown", target);
      case AbortedException e -> network("The connection was lost", target);
      case CodecException e -> network("The answer is not HTTP", target);
      case IOException e -> network("The connection failed or was lost", target);
      default -> null;
    };
  }

  private static StepError refusedError(Target target) {
    return StepError.of(
        PERMISSION_DENIED, "The destination is not allowed", Map.of("host", target.host()));
  }

  private static StepError tooLarge(Map<String, ?> details, Target target) {
    return StepError.of(QUOTA_EXCEEDED, "The response is too large", target.details(details));
  }

  private static StepError timeout(Cut cut, Target target) {
    return StepError.of(
        CONNECTION_TIMEOUT,
        "The HTTP request ran into its " + cut.wireName() + " timeout",
        target.details(timeoutDetails(cut)));
  }

  private static StepError network(String message, Target target) {
    return StepError.of(NETWORK_ERROR, message, target.details(Map.of()));
  }

  private static StepError badCertificate(Target target) {
    return new StepError(
        NETWORK_ERROR,
        ErrorType.CONNECTION_ERROR,
        "The server's certificate is not valid",
        false,
        target.details(Map.of()));
  }

  private static Map<String, Object> timeoutDetails(Cut cut) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("operation_type", "http");
    details.put("timeout_type", cut.wireName());
    return details;
  }

  private static Deque<Throwable> innermostFirst(Throwable failure) {
    Deque<Throwable> causes = new ArrayDeque<>();
    for (Throwable t = failure; t != null && causes.size() < LONGEST_CHAIN; t = t.getCause()) {
      causes.push(t);
    }
    return causes;
  }
}
