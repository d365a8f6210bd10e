package io.beamline.worker;

import java.util.List;
import org.springframework.context.annotation.ImportSelector;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Names the worker's configurations. A search for them would read each class of the worker at each
 * start. A test compares the names with what such a search finds.
 */
final class WorkerConfigurations implements ImportSelector {

  /** Below the worker's package. */
  static final List<String> NAMES =
      List.of(
          "WiringConfiguration",
          "block.BlockConfiguration",
          "block.configured.RegistryConfiguration",
          "block.fs.FileBlockConfiguration",
          "block.http.HttpBlockConfiguration",
          "block.nats.NatsBlockConfiguration",
          "block.sql.SqlBlockConfiguration",
          "cancellation.CancellationConfiguration",
          "config.ClockConfiguration",
          "config.PortsConfiguration",
          "config.SettingsConfiguration",
          "config.StepTypeConfiguration",
          "config.TlsBundleConfiguration",
          "connection.ConnectionConfiguration",
          "deadletter.DeadLetterConfiguration",
          "destination.control.DestinationConfiguration",
          "execution.ExecutionConfiguration",
          "feature.FeatureConfiguration",
          "flagstore.FlagStoreConfiguration",
          "intake.IntakeConfiguration",
          "intake.PauseConfiguration",
          "observability.health.HealthConfiguration",
          "observability.http.ContractConfiguration",
          "observability.http.EndpointConfiguration",
          "observability.logging.LoggingConfiguration",
          "observability.metrics.MetricsConfiguration",
          "observability.tracing.TracingConfiguration",
          "queue.QueueConfiguration",
          "result.ResultConfiguration",
          "rollout.RolloutConfiguration",
          "security.SecurityConfiguration",
          "security.WebConfiguration",
          "startup.StartupConfiguration",
          "suspect.SuspectConfiguration");

  private static final String PACKAGE = WorkerConfigurations.class.getPackageName();

  @Override
  public String[] selectImports(AnnotationMetadata importing) {
    return NAMES.stream().map(name -> PACKAGE + '.' + name).toArray(String[]::new);
  }
}
