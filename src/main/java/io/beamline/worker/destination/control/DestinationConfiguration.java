package io.beamline.worker.destination.control;

import io.beamline.worker.block.BlockRegistry;
import io.beamline.worker.config.DestinationOverride;
import io.beamline.worker.config.DestinationOverrideSettings;
import io.beamline.worker.config.DestinationProperties;
import io.beamline.worker.config.UnusableSettingException;
import io.beamline.worker.config.WorkerProperties;
import io.beamline.worker.destination.BreakerState;
import io.beamline.worker.destination.Capacities;
import io.beamline.worker.destination.Destinations;
import io.beamline.worker.destination.LimitRules;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.feature.StoreInUse;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.timeout.TimeSource;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires destinations. */
@Configuration(proxyBeanMethods = false)
class DestinationConfiguration {

  @Bean(destroyMethod = "shutdownNow")
  ScheduledExecutorService destinationTimer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("destination-timer-", 1).factory());
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  @Bean
  Destinations destinations(
      DestinationProperties settings,
      BlockRegistry blocks,
      ScheduledExecutorService destinationTimer,
      WorkerMetrics metrics,
      LogThrottle throttle,
      TimeSource time) {
    List<LimitRules.LimitOverride> overrides =
        DestinationOverrideSettings.of(settings).stream()
            .map(DestinationConfiguration::override)
            .toList();
    Destinations destinations =
        new Destinations(
            new LimitRules(settings.limits(), overrides),
            destinationTimer,
            time,
            new BreakerReports(metrics, throttle),
            () -> ThreadLocalRandom.current().nextDouble(),
            capacities(blocks));
    for (BreakerState state : BreakerState.values()) {
      metrics.watchCircuits(state, () -> destinations.count(state));
    }
    metrics.watchDestinationLines(
        () -> destinations.inLine(true), () -> destinations.inLine(false));
    overrides.forEach(
        each -> metrics.watchDestination(each.name(), () -> destinations.worst(each.name())));
    return destinations;
  }

  @Bean
  ForcedDestinations forcedDestinations(
      Destinations destinations, StoreInUse store, WorkerProperties worker) {
    return new ForcedDestinations(destinations, store.store(), worker.id());
  }

  @Bean
  DestinationsEndpoint destinationsEndpoint(
      Destinations destinations, ForcedDestinations forced, FeatureFlags flags) {
    return new DestinationsEndpoint(destinations, forced, flags);
  }

  private static Capacities capacities(BlockRegistry blocks) {
    return new Capacities() {
      @Override
      public int capacity(String destination) {
        return blocks.capacity(destination);
      }

      @Override
      public int hanging(String destination) {
        return blocks.hanging(destination);
      }
    };
  }

  private static LimitRules.LimitOverride override(DestinationOverride setting) {
    Predicate<String> match = DestinationMatch.parse(setting.match());
    if (match == null) {
      throw new UnusableSettingException(
          DestinationOverrideSettings.OVERRIDES + "." + setting.name() + ".match",
          setting.match(),
          "a host name, *.domain, address or network, each with or without :port, or the folder of"
              + " a root, nats: and a subject, or the name of a destination");
    }
    return new LimitRules.LimitOverride(setting.name(), match, setting.limits());
  }
}
