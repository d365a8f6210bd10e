package io.beamline.worker.startup;

import io.beamline.worker.config.DatasourceSettings;
import io.beamline.worker.config.FeatureProperties;
import io.beamline.worker.config.FileBlockProperties;
import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.config.SqlBlockProperties;
import io.beamline.worker.config.UnknownSettings;
import io.beamline.worker.config.WorkerProperties;
import io.beamline.worker.connection.NatsSessions;
import io.beamline.worker.feature.FeatureFlags;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Logs once at start where the worker listens, which flags are on, what it connects to, and each
 * setting that nothing reads. Used by the thread that starts the worker.
 */
record StartLines(
    WorkerProperties worker,
    NatsDeliveryProperties delivery,
    FeatureProperties features,
    FileBlockProperties files,
    SqlBlockProperties databases,
    FeatureFlags flags,
    NatsSessions sessions,
    ListenAddresses addresses,
    @Nullable BuildProperties build)
    implements ApplicationListener<ApplicationReadyEvent> {

  private static final Logger log = LoggerFactory.getLogger(StartLines.class);

  @Override
  public void onApplicationEvent(ApplicationReadyEvent event) {
    ConfigurableEnvironment environment = event.getApplicationContext().getEnvironment();
    UnknownSettings.in(environment)
        .forEach(
            unknown ->
                log.atWarn()
                    .addKeyValue("setting", unknown.name())
                    .addKeyValue("nearest", unknown.nearest())
                    .log("Unknown setting: nothing reads it"));
    log.atInfo()
        .addKeyValue("version", build == null ? "unknown" : build.getVersion())
        .addKeyValue("delivery", delivery.delivery().name().toLowerCase(Locale.ROOT))
        .addKeyValue("heartbeat_ms", worker.heartbeat().interval().toMillis())
        .addKeyValue("console", addresses.console(environment))
        .addKeyValue("health", addresses.health(environment))
        .log("Worker started");
    log.atInfo()
        .addKeyValue("on", flags.enabledNames())
        .addKeyValue("store", features.store().toString())
        .log("Feature flags at start");
    log.atInfo()
        .addKeyValue("nats", sessions.servers())
        .addKeyValue("assignments", delivery.subjects().assign())
        .addKeyValue("roots", files.roots())
        .addKeyValue(
            "datasources",
            DatasourceSettings.of(databases).stream().map(DatasourceSettings::name).toList())
        .log("What the worker uses");
  }
}
