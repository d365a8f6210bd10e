package io.beamline.worker.block.http;

import static io.beamline.worker.contract.ErrorCode.CONNECTION_TIMEOUT;
import static io.beamline.worker.contract.ErrorCode.NETWORK_ERROR;
import static io.beamline.worker.contract.ErrorCode.PERMISSION_DENIED;
import static io.beamline.worker.contract.ErrorCode.QUOTA_EXCEEDED;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.block.http.HttpLimits.Limit;
import io.beamline.worker.block.http.HttpLimits.TimeoutKind;
import io.beamline.worker.contract.ErrorType;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.destination.AttemptVerdict;
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
 * Maps a failed exchange to a step failure (contract section 3). The client wraps exceptions in
 * several layers, so the innermost known cause decides. Stateless.
 */
final class HttpFailures {

  /** The most causes that are examined; a longer chain is circular. */
  private static final int MAX_CAUSES = 32;

  private HttpFailures() {}

  /** Returns the failure for an exception, or null if the exception is not known. */
  static @Nullable StepFailure of(Throwable failure, Target target) {
    for (Throwable cause : innermostFirst(failure)) {
      if (cause instanceof ResponseUnpublishableException unpublishable) {
        return unpublishable.failure();
      }
      if (cause instanceof ProxyFailedException proxy) {
        return ofProxy(proxy, target);
      }
      StepError error = known(cause, target);
      if (error != null) {
        return new StepFailure(error);
      }
    }
    return null;
  }

  /**
   * Returns the failure of a proxy. Where it refuses the worker or the destination, that says
   * nothing about the destination.
   */
  static StepFailure ofProxy(ProxyFailedException proxy, Target target) {
    Map<String, Object> details = new LinkedHashMap<>();
    if (proxy.status() != 0) {
      details.put("proxy_status", proxy.status());
    }
    StepFailure failure =
        new StepFailure(
            new StepError(
                NETWORK_ERROR,
                ErrorType.CONNECTION_ERROR,
                String.valueOf(proxy.getMessage()),
                proxy.isRetryable(),
                target.details(details)));
    return proxy.isRetryable() ? failure : failure.saying(AttemptVerdict.NOTHING);
  }

  /**
   * Returns the failure for an unknown exception before the request has a connection. An exception
   * type of the client means that its pool failed, for example because it just dropped the host.
   * Returns null for types of {@code java.*}, which mean a defect.
   */
  static @Nullable StepFailure withoutConnection(Throwable failure, Target target) {
    boolean ofClient =
        failure instanceof RuntimeException && !failure.getClass().getName().startsWith("java.");
    return ofClient ? new StepFailure(network("The connection was lost", target)) : null;
  }

  /** Returns the failure of a request that exceeded a limit. */
  static StepFailure timedOut(Limit limit, Duration elapsed, Target target) {
    Map<String, Object> details = timeoutDetails(limit.kind());
    details.put("timeout_ms", limit.allowed().toMillis());
    details.put("elapsed_ms", elapsed.toMillis());
    String message =
        limit.kind() == TimeoutKind.DEADLINE
            ? "The step's time was over before the HTTP request ended"
            : "The HTTP request ran into its " + limit.kind().wireName() + " timeout";
    return StepFailure.of(limit.kind().code(), message, target.details(details));
  }

  /** Returns the failure of a request to a destination that the rules refuse. */
  static StepFailure refused(Target target) {
    return new StepFailure(refusedError(target));
  }

  private static @Nullable StepError known(Throwable cause, Target target) {
    return switch (cause) {
      case DestinationRefusedException e -> refusedError(target);
      case ResponseTooLargeException e -> tooLarge(Map.of("max_bytes", e.limitBytes()), target);
      case DataBufferLimitException e -> tooLarge(Map.of(), target);
      case TooLongFrameException e -> tooLarge(Map.of(), target);
      case SslHandshakeTimeoutException e -> timeout(TimeoutKind.HANDSHAKE, target);
      case ConnectTimeoutException e -> timeout(TimeoutKind.CONNECT, target);
      case java.util.concurrent.TimeoutException e ->
          timeout(TimeoutKind.CONNECT, target); // the pool's
      case DnsNameResolverTimeoutException e -> timeout(TimeoutKind.CONNECT, target);
      case TimeoutException e -> timeout(TimeoutKind.RESPONSE, target);
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

  private static StepError timeout(TimeoutKind kind, Target target) {
    return StepError.of(
        CONNECTION_TIMEOUT,
        "The HTTP request ran into its " + kind.wireName() + " timeout",
        target.details(timeoutDetails(kind)));
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

  private static Map<String, Object> timeoutDetails(TimeoutKind kind) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("operation_type", "http");
    details.put("timeout_type", kind.wireName());
    return details;
  }

  private static Deque<Throwable> innermostFirst(Throwable failure) {
    Deque<Throwable> causes = new ArrayDeque<>();
    for (Throwable t = failure; t != null && causes.size() < MAX_CAUSES; t = t.getCause()) {
      causes.push(t);
    }
    return causes;
  }
}
