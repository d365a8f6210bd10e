package io.beamline.worker.observability.logging;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.config.WorkerProperties;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.ApplicationListener;

/** Logs once at start the version, the delivery mode and the heartbeat interval. */
final class StartupLine implements ApplicationListener<ApplicationReadyEvent> {

  private static final Logger log = LoggerFactory.getLogger(StartupLine.class);

  private final WorkerProperties settings;
  private final NatsDeliveryProperties delivery;
  private final @Nullable BuildProperties build;

  StartupLine(
      WorkerProperties settings, NatsDeliveryProperties delivery, @Nullable BuildProperties build) {
    this.settings = settings;
    this.delivery = delivery;
    this.build = build;
  }

  @Override
  public void onApplicationEvent(ApplicationReadyEvent event) {
    log.atInfo()
        .addKeyValue("version", build == null ? "unknown" : build.getVersion())
        .addKeyValue("delivery", delivery.delivery().name().toLowerCase(Locale.ROOT))
        .addKeyValue("heartbeat_ms", settings.heartbeat().interval().toMillis())
        .log("Worker started");
  }
}
