package io.beamline.worker.block.http;

import io.beamline.worker.block.ResultLimit;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.BodyInserter;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Sends requests and receives their responses. Thread-safe. */
final class HttpExchange {

  /** How much of an unused body is read so that its connection can be reused. */
  private static final BodyLimits DRAIN_LIMITS = new BodyLimits(64 * 1024, Long.MAX_VALUE);

  private static final Duration MAX_DRAIN = Duration.ofMillis(250);

  private final WebClient client;
  private final long maxBodyBytes;
  private final ResultLimit resultLimit;

  /**
   * Creates an exchange.
   *
   * @param maxBodyBytes the largest body that is accepted
   * @param resultLimit the largest result; a larger body is rejected as well
   */
  HttpExchange(WebClient client, long maxBodyBytes, ResultLimit resultLimit) {
    this.client = client;
    this.maxBodyBytes = maxBodyBytes;
    this.resultLimit = resultLimit;
  }

  /**
   * Sends a request and returns its response. Nothing is sent before the subscription. A cancel
   * closes the connection.
   *
   * @param progress records how far the request has got
   */
  Mono<HttpResponse> send(HttpRequest request, RequestProgress progress) {
    return client
        .method(HttpMethod.valueOf(request.method()))
        .uri(request.url().uri())
        .header(HttpHeaderNames.HOST.toString(), request.url().hostHeader())
        .headers(headers -> request.headers().forEach(h -> headers.add(h.name(), h.value())))
        .body(body(request.body()))
        .exchangeToMono(response -> receive(request, response))
        .onErrorMap(HttpExchange::isUnreadable, DecoderException::new)
        .contextWrite(context -> context.put(RequestProgress.class, progress));
  }

  /**
   * Writes the body as bytes, because the client's encoders reject content types that they do not
   * support.
   */
  private static BodyInserter<Object, ClientHttpRequest> body(@Nullable ByteBuffer body) {
    return (message, context) -> {
      if (body == null) {
        return message.setComplete();
      }
      message.getHeaders().setContentLength(body.remaining());
      return message.writeWith(
          Mono.fromSupplier(() -> message.bufferFactory().wrap(body.duplicate())));
    };
  }

  private Mono<HttpResponse> receive(HttpRequest request, ClientResponse response) {
    int status = response.statusCode().value();
    Map<String, List<String>> headers = headers(response);
    Flux<DataBuffer> pieces = response.body(BodyExtractors.toDataBuffers());
    if (!HttpResponse.isSuccess(status)) {
      return drain(pieces)
          .thenReturn(new HttpResponse(status, headers, new ResponseBody(DRAIN_LIMITS)));
    }
    BodyLimits limits = new BodyLimits(maxBodyBytes, resultLimit.maxBytes());
    RuntimeException refusal = limits.exceededBy(contentLength(request, response));
    if (refusal != null) {
      return refuse(pieces, refusal);
    }
    return pieces
        .collect(() -> new ResponseBody(limits), ResponseBody::add)
        .map(body -> new HttpResponse(status, headers, body));
  }

  /**
   * Returns whether the response is malformed. The request was validated before, so an illegal
   * argument comes from the response.
   */
  private static boolean isUnreadable(Throwable failure) {
    Throwable cause = failure instanceof WebClientException ? failure.getCause() : failure;
    return cause instanceof IllegalArgumentException;
  }

  private static long contentLength(HttpRequest request, ClientResponse response) {
    boolean noBody = request.method().equals("HEAD");
    return noBody ? 0 : response.headers().asHttpHeaders().getContentLength();
  }

  /**
   * Fails and cancels the body, which closes the connection. Without a subscription the client
   * would read the body to its end.
   */
  private static Mono<HttpResponse> refuse(Flux<DataBuffer> pieces, RuntimeException refusal) {
    return Mono.when(pieces.doOnNext(DataBufferUtils::release), Mono.error(refusal))
        .then(Mono.empty());
  }

  /** Reads and discards a body. Failures are ignored, because only the status matters. */
  private static Mono<Void> drain(Flux<DataBuffer> pieces) {
    return pieces
        .collect(() -> new ResponseBody(DRAIN_LIMITS), ResponseBody::add)
        .timeout(MAX_DRAIN)
        .onErrorComplete()
        .then();
  }

  private static Map<String, List<String>> headers(ClientResponse response) {
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    HttpHeaders received = response.headers().asHttpHeaders();
    received.forEach((name, values) -> headers.putIfAbsent(name, List.copyOf(values)));
    return headers;
  }
}
