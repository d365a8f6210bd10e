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

/** Sends requests and takes in their answers. Thread-safe. */
final class HttpExchange {

  /** What is read of a body that is not kept, for the sake of its connection. */
  private static final BodyLimits DRAINED = new BodyLimits(64 * 1024, Long.MAX_VALUE);

  private static final Duration MAX_DRAIN = Duration.ofMillis(250);

  private final WebClient client;
  private final long maxBodyBytes;
  private final ResultLimit resultLimit;

  /**
   * An exchange.
   *
   * @param maxBodyBytes the largest body that is taken in
   * @param resultLimit the largest result: a body beyond it is not taken in either
   */
  HttpExchange(WebClient client, long maxBodyBytes, ResultLimit resultLimit) {
    this.client = client;
    this.maxBodyBytes = maxBodyBytes;
    this.resultLimit = resultLimit;
  }

  /**
   * The answer to a request. Nothing is sent before it is subscribed to; when it is cancelled the
   * connection is closed.
   *
   * @param attempt is told how far the request got
   */
  Mono<HttpAnswer> send(HttpRequest request, Attempt attempt) {
    return client
        .method(HttpMethod.valueOf(request.method()))
        .uri(request.url().uri())
        .header(HttpHeaderNames.HOST.toString(), request.url().hostHeader())
        .headers(headers -> request.headers().forEach(h -> headers.add(h.name(), h.value())))
        .body(body(request.body()))
        .exchangeToMono(response -> answer(request, response))
        .onErrorMap(HttpExchange::isUnreadable, DecoderException::new)
        .contextWrite(context -> context.put(Attempt.class, attempt));
  }

  /** As bytes, past the encoders: they would want to understand the job's content type. */
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

  private Mono<HttpAnswer> answer(HttpRequest request, ClientResponse response) {
    int status = response.statusCode().value();
    Map<String, List<String>> headers = headers(response);
    Flux<DataBuffer> pieces = response.body(BodyExtractors.toDataBuffers());
    if (!HttpAnswer.isSuccess(status)) {
      return drain(pieces).thenReturn(new HttpAnswer(status, headers, new ResponseBody(DRAINED)));
    }
    BodyLimits limits = new BodyLimits(maxBodyBytes, resultLimit.maxBytes());
    RuntimeException refusal = limits.exceededBy(announced(request, response));
    if (refusal != null) {
      return refuse(pieces, refusal);
    }
    return pieces
        .collect(() -> new ResponseBody(limits), ResponseBody::add)
        .map(body -> new HttpAnswer(status, headers, body));
  }

  /** The request was checked before it was sent: what still is illegal is in the answer. */
  private static boolean isUnreadable(Throwable failure) {
    Throwable cause = failure instanceof WebClientException ? failure.getCause() : failure;
    return cause instanceof IllegalArgumentException;
  }

  private static long announced(HttpRequest request, ClientResponse response) {
    boolean noBody = request.method().equals("HEAD");
    return noBody ? 0 : response.headers().asHttpHeaders().getContentLength();
  }

  /**
   * Fails, and cancels the body, which closes the connection. A body that nobody subscribed to
   * would be read to its end by the client.
   */
  private static Mono<HttpAnswer> refuse(Flux<DataBuffer> pieces, RuntimeException refusal) {
    return Mono.when(pieces.doOnNext(DataBufferUtils::release), Mono.error(refusal))
        .then(Mono.empty());
  }

  /** Reads a body that is not kept; whatever becomes of that, the status is known. */
  private static Mono<Void> drain(Flux<DataBuffer> pieces) {
    return pieces
        .collect(() -> new ResponseBody(DRAINED), ResponseBody::add)
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
