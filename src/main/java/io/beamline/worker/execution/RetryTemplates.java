package io.beamline.worker.execution;

import io.beamline.worker.config.RetryProperties;
import io.beamline.worker.retry.ExponentialBackoff;
import io.beamline.worker.retry.RetryOverrides;
import io.beamline.worker.retry.RetryRules;
import io.beamline.worker.retry.Retryability;
import io.beamline.worker.timeout.TimeSource;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.retry.backoff.NoBackOffPolicy;
import org.springframework.retry.support.RetryTemplate;

/** Creates the retry templates of CP1 and of advanced retry. */
final class RetryTemplates {

  private RetryTemplates() {}

  static RetryTemplate cp1(TimeSource time) {
    return template(RetryRules.cp1(), time);
  }

  /**
   * Creates the template of advanced retry.
   *
   * @param overrides what differs for some types and statuses
   */
  static RetryTemplate advanced(
      RetryProperties settings, RetryOverrides overrides, TimeSource time) {
    RetryRules rules =
        RetryRules.advanced(
            new Retryability(settings.retryableCodes(), settings.retryableStatuses()),
            new ExponentialBackoff(
                settings.baseDelay(),
                settings.multiplier(),
                settings.maxDelay(),
                settings.jitter(),
                () -> ThreadLocalRandom.current().nextDouble()),
            overrides);
    return template(rules, time);
  }

  /** The template does not sleep, because steps wait in the {@link WaitingRoom}. */
  private static RetryTemplate template(RetryRules rules, TimeSource time) {
    RetryTemplate template = new RetryTemplate();
    template.setRetryPolicy(new StepRetryPolicy(rules, time));
    template.setBackOffPolicy(new NoBackOffPolicy());
    template.setRetryContextCache(new StepContexts());
    return template;
  }
}
