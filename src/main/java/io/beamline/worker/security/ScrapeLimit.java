package io.beamline.worker.security;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Serves one request at a time to the public endpoints that cost processor time, so that scrapes do
 * not delay the probes. A request waits at most 5 s for its turn, then it gets a 503. The response
 * is written after the turn, so that a slow client delays nobody. Thread-safe.
 */
final class ScrapeLimit implements Filter {

  private static final int MAX_WAIT_S = 5;

  private final Semaphore turn = new Semaphore(1, true);

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletResponse answer = (HttpServletResponse) response;
    if (!awaitTurn()) {
      answer.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(MAX_WAIT_S));
      RefusalResponse.write(answer, HttpStatus.SERVICE_UNAVAILABLE);
      return;
    }
    ContentCachingResponseWrapper kept = new ContentCachingResponseWrapper(answer);
    try {
      chain.doFilter(request, kept);
    } finally {
      turn.release();
    }
    kept.copyBodyToResponse();
  }

  private boolean awaitTurn() {
    try {
      return turn.tryAcquire(MAX_WAIT_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
