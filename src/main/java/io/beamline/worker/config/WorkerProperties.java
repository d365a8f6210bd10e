package io.beamline.worker.config;

import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The worker itself (contract section 8).
 *
 * @param id the worker's name in messages and logs, 1 to 128 printable characters; empty means the
 *     host's name
 * @param dlq what becomes a dead letter
 * @param heartbeat how often it publishes a heartbeat
 * @param shutdown how it shuts down
 * @param admin the administrator
 * @param metrics which tenants its metrics show
 * @param plugins where its plug-ins are
 * @param log how its log is written
 */
@ConfigurationProperties("worker")
public record WorkerProperties(
    @DefaultValue("")
        @Pattern(
            regexp = "[!-~]{0,128}",
            message = "at most 128 printable ASCII characters without spaces")
        String id,
    @DefaultValue Dlq dlq,
    @DefaultValue Heartbeat heartbeat,
    @DefaultValue Shutdown shutdown,
    @DefaultValue Admin admin,
    @DefaultValue Metrics metrics,
    @DefaultValue Plugins plugins,
    @DefaultValue Log log) {

  /** Replaces an empty id by the host's name. */
  public WorkerProperties {
    id = idOf(id);
  }

  /** Returns the worker's name: the setting, or the host's name if it is empty. */
  public static String idOf(String setting) {
    return setting.isEmpty() ? HostName.get() : setting;
  }

  /**
   * What becomes a dead letter.
   *
   * @param failedSteps whether a step that ended as error or timeout does
   */
  public record Dlq(@DefaultValue("false") boolean failedSteps) {}

  /**
   * How often the worker publishes a heartbeat.
   *
   * @param interval 100 ms to 1 h
   */
  public record Heartbeat(
      @DefaultValue("5s") @DurationMin(millis = 100) @DurationMax(hours = 1) Duration interval) {}

  /**
   * How the worker shuts down.
   *
   * @param grace how long running steps may take after SIGTERM, 0 to 1 h
   */
  public record Shutdown(
      @DefaultValue("25s") @DurationMin @DurationMax(hours = 1) Duration grace) {}

  /**
   * The administrator of the worker.
   *
   * @param username the administrator's name
   * @param password the password, at most 72 bytes, as BCrypt takes no more, without control
   *     characters; if empty, one is generated and logged once at start
   */
  public record Admin(
      @DefaultValue("admin")
          @Pattern(
              regexp = "[!-9;-~]{1,128}",
              message = "1 to 128 printable ASCII characters without spaces and colons")
          String username,
      @DefaultValue("")
          @MaxBytes(72)
          @Pattern(regexp = "\\P{Cntrl}*", message = " without control characters")
          String password) {

    /** Returns the name only, so that no password gets into the log. */
    @Override
    public String toString() {
      return "Admin[username=" + username + "]";
    }
  }

  /**
   * Which tenants the metrics show.
   *
   * @param tenantAllowlist tenants that get a label of their own, at most 100; none by default
   */
  public record Metrics(@DefaultValue @Size(max = 100) List<String> tenantAllowlist) {}

  /**
   * Where the worker finds plug-ins. Package {@code plugin} reads it before the settings are bound.
   *
   * @param directory a folder with jars; empty for none
   */
  public record Plugins(@DefaultValue("") String directory) {}

  /**
   * How the log is written. Package {@code observability.logging} reads it before the settings are
   * bound.
   *
   * @param format for machines or for people
   */
  public record Log(@DefaultValue("auto") LogFormat format) {}
}
