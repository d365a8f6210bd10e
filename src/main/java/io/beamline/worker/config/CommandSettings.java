package io.beamline.worker.config;

import io.nats.spring.boot.autoconfigure.NatsProperties;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * The settings of an operator's command, read from the same sources as those of the worker, without
 * starting a Spring context.
 *
 * @param nats the connection to NATS
 * @param delivery the subjects, and whether streams may be created
 * @param worker the worker itself
 * @param tls the certificates of the connection; null for what {@code nats} says
 */
public record CommandSettings(
    NatsProperties nats,
    NatsDeliveryProperties delivery,
    WorkerProperties worker,
    @Nullable TlsBundle tls) {

  /**
   * Reads the settings, and turns the log off: a command writes its own output.
   *
   * @param arguments settings of the command line, such as {@code --worker.id=w}
   * @throws CommandSettingsException if a setting is invalid
   * @throws UnusableSettingException if the SSL bundle cannot be used
   */
  public static CommandSettings read(List<String> arguments) throws CommandSettingsException {
    LoggingSystem.get(CommandSettings.class.getClassLoader()).beforeInitialize();
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(new SimpleCommandLinePropertySource(arguments.toArray(String[]::new)));
    try {
      ConfigDataEnvironmentPostProcessor.applyTo(environment);
      TrimmedSettings.apply(environment);
      refuseWrong(environment);
      Binder binder = SettingsCheck.binder(environment);
      NatsDeliveryProperties delivery =
          binder.bindOrCreate("worker.nats", NatsDeliveryProperties.class);
      return new CommandSettings(
          binder.bindOrCreate("nats.spring", NatsProperties.class),
          delivery,
          binder.bindOrCreate("worker", WorkerProperties.class),
          TlsBundles.read(environment).named(TlsBundles.NATS, delivery.sslBundle()));
    } catch (UnusableSettingException e) {
      throw e;
    } catch (BindException e) {
      throw new CommandSettingsException(e.getName() + " has a value that cannot be used.");
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new CommandSettingsException("The settings cannot be read: " + e.getMessage());
    }
  }

  private static void refuseWrong(StandardEnvironment environment) throws CommandSettingsException {
    List<SettingFault> faults =
        SettingsCheck.faults(
            environment, List.of(WorkerProperties.class, NatsDeliveryProperties.class));
    if (!faults.isEmpty()) {
      throw new CommandSettingsException(
          faults.stream().map(SettingFault::sentence).collect(Collectors.joining(" ")));
    }
  }
}
