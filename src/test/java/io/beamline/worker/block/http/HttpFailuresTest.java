package io.beamline.worker.block.http;

import static io.beamline.worker.contract.ErrorCode.CONNECTION_TIMEOUT;
import static io.beamline.worker.contract.ErrorCode.NETWORK_ERROR;
import static io.beamline.worker.contract.ErrorCode.PERMISSION_DENIED;
import static io.beamline.worker.contract.ErrorCode.QUOTA_EXCEEDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Errors;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.handler.timeout.ReadTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import org.springframework.web.reactive.function.client.WebClientResponseException;

class HttpFailuresTest {

  private static final Target TARGET = new Target("GET", "api.example");

  static Stream<Arguments> causes() {
    Epoll
        .ensureAvailability(); // what it loads, the errors of a native socket read their texts from
    return Stream.of(
        arguments(new DestinationRefusedException(), PERMISSION_DENIED, false, null),
        arguments(new ResponseTooLargeException(5), QUOTA_EXCEEDED, false, null),
        arguments(new DataBufferLimitException("x"), QUOTA_EXCEEDED, false, null),
        arguments(new TooLongHttpHeaderException("x"), QUOTA_EXCEEDED, false, null),
        arguments(new ConnectTimeoutException("x"), CONNECTION_TIMEOUT, true, "connect"),
        arguments(new TimeoutException("x"), CONNECTION_TIMEOUT, true, "connect"),
        arguments(new SslHandshakeTimeoutException("x"), CONNECTION_TIMEOUT, true, "handshake"),
        arguments(ReadTimeoutException.INSTANCE, CONNECTION_TIMEOUT, true, "response"),
        arguments(new ConnectException("x"), NETWORK_ERROR, true, null),
        arguments(new NoRouteToHostException("x"), NETWORK_ERROR, true, null),
        arguments(new SocketException("Connection reset"), NETWORK_ERROR, true, null),
        arguments(new Errors.NativeIoException("x", -104), NETWORK_ERROR, true, null),
        arguments(new ClosedChannelException(), NETWORK_ERROR, true, null),
        arguments(new UnknownHostException("x"), NETWORK_ERROR, true, null),
        arguments(new IOException("cut"), NETWORK_ERROR, true, null),
        arguments(new DecoderException("x"), NETWORK_ERROR, true, null),
        arguments(new NotSslRecordException("x"), NETWORK_ERROR, true, null),
        arguments(new SSLHandshakeException("no common cipher"), NETWORK_ERROR, true, null),
        arguments(new SSLPeerUnverifiedException("x"), NETWORK_ERROR, false, null),
        arguments(
            new SSLHandshakeException("x").initCause(new CertificateExpiredException()),
            NETWORK_ERROR,
            false,
            null),
        arguments(
            new SSLHandshakeException("x").initCause(new CertPathBuilderException("x")),
            NETWORK_ERROR,
            false,
            null));
  }

  @ParameterizedTest
  @MethodSource("causes")
  void theCauseDecidesWhateverWrapsIt(
      Throwable cause, ErrorCode code, boolean retryable, @Nullable String timeoutType) {
    for (Throwable failure :
        new Throwable[] {
          cause, request(cause), response(cause), new ExecutionException(request(cause))
        }) {
      StepFailure known = Objects.requireNonNull(HttpFailures.of(failure, TARGET));

      assertThat(known.error().code()).isEqualTo(code);
      assertThat(known.error().type()).isEqualTo(code.type());
      assertThat(known.error().retryable()).isEqualTo(retryable);
      assertThat(known.error().message()).doesNotContain(code.name());
      assertThat(known.error().details()).containsEntry("host", "api.example");
      assertThat(known.error().details().get("timeout_type")).isEqualTo(timeoutType);
    }
  }

  @Test
  void whatIsNotKnownStaysUnknown() {
    Throwable circular = new IllegalStateException("a");
    circular.initCause(new IllegalStateException("b", circular));

    assertThat(HttpFailures.of(new NullPointerException(), TARGET)).isNull();
    assertThat(HttpFailures.of(request(new OutOfMemoryError()), TARGET)).isNull();
    assertThat(HttpFailures.of(circular, TARGET)).isNull();
  }

  private static Throwable request(Throwable cause) {
    URI uri = URI.create("http://api.example/secret");
    return new WebClientRequestException(cause, HttpMethod.GET, uri, new HttpHeaders());
  }

  private static Throwable response(Throwable cause) {
    return WebClientResponseException.create(200, "OK", new HttpHeaders(), new byte[0], null)
        .initCause(cause);
  }
}
