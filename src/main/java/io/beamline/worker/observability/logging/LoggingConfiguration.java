package io.beamline.worker.observability.logging;

import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.concurrent.Future;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** Creates the log throttle and its timer. */
@Configuration(proxyBeanMethods = false)
class LoggingConfiguration {

  /** Allows one line of a kind per second. */
  @Bean(destroyMethod = "flush")
  LogThrottle logThrottle(TimeSource time) {
    return new LogThrottle(time, Duration.ofSeconds(1));
  }

  @Bean
  ThreadPoolTaskScheduler logTimer(LogThrottle throttle) {
    return PeriodicTasks.scheduler("log-timer-", 1, throttle);
  }

  @Bean
  SmartInitializingSingleton logFlush(ThreadPoolTaskScheduler logTimer, LogThrottle throttle) {
    return () -> {
      Future<?> unused = logTimer.scheduleWithFixedDelay(throttle::flush, Duration.ofSeconds(10));
    };
  }
}
