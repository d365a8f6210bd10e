package io.beamline.worker.execution;

import io.beamline.worker.config.RetryProperties;
import io.beamline.worker.contract.ExecAssignment;
import io.beamline.worker.retry.Backoff;
import io.beamline.worker.retry.ExponentialBackoff;
import io.beamline.worker.retry.LinearBackoff;
import io.beamline.worker.retry.Retryability;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.retry.RetryPolicy;
import org.springframework.retry.backoff.BackOffPolicy;
import org.springframework.retry.support.RetryTemplate;

/** Makes the retry policies of CP1 and of advanced retry, in the types of spring-retry. */
final class RetryPolicies {

  private RetryPolicies() {}

  static RetryTemplate cp1(TimeSource time) {
    return template(new Cp1RetryPolicy(), new PlannedBackOff(step -> LinearBackoff.CP1, time));
  }

  static RetryTemplate cp2(RetryProperties settings, TimeSource time) {
    return template(
        new Cp2RetryPolicy(retryability(settings)),
        new PlannedBackOff(step -> backoff(settings, step.assignment()), time));
  }

  static Retryability retryability(RetryProperties settings) {
    return new Retryability(settings.retryableCodes(), settings.retryableStatuses());
  }

  private static Backoff backoff(RetryProperties settings, ExecAssignment assignment) {
    int asked = assignment.options().backoffMs();
    return new ExponentialBackoff(
        asked == ExecAssignment.ABSENT ? settings.baseDelay() : Duration.ofMillis(asked),
        settings.multiplier(),
        settings.maxDelay(),
        settings.jitter(),
        ThreadLocalRandom.current()::nextDouble);
  }

  private static RetryTemplate template(RetryPolicy policy, BackOffPolicy backOff) {
    RetryTemplate template = new RetryTemplate();
    template.setRetryPolicy(policy);
    template.setBackOffPolicy(backOff);
    template.setRetryContextCache(new StepContexts());
    return template;
  }
}
