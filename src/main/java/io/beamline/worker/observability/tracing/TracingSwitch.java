package io.beamline.worker.observability.tracing;

import io.beamline.worker.config.UnusableSettingException;
import java.net.URI;
import java.util.List;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** Whether the settings ask for traces, and whether they make sense. Stateless. */
final class TracingSwitch {

  private static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";
  private static final String SHARE = "management.tracing.sampling.probability";

  private static final String TRANSPORT = "management.opentelemetry.tracing.export.otlp.transport";

  /** Those of Spring Boot; {@code OTEL_SDK_DISABLED} and {@code OTEL_TRACES_EXPORTER} set them. */
  private static final List<String> SWITCHES =
      List.of(
          "management.opentelemetry.enabled",
          "management.tracing.export.enabled",
          "management.tracing.export.otlp.enabled");

  private TracingSwitch() {}

  /** Returns whether there is an endpoint to export spans to, and nothing that forbids it. */
  static boolean isOn(Environment environment) {
    return hasEndpoint(environment)
        && speaksHttp(environment)
        && SWITCHES.stream().noneMatch(name -> "false".equals(environment.getProperty(name)));
  }

  /** Returns whether there is an endpoint, but for another protocol than the worker's. */
  static boolean isOfOtherProtocol(Environment environment) {
    return hasEndpoint(environment) && !speaksHttp(environment);
  }

  private static boolean hasEndpoint(Environment environment) {
    return StringUtils.hasText(environment.getProperty(ENDPOINT));
  }

  private static boolean speaksHttp(Environment environment) {
    return environment.getProperty(TRANSPORT, "http").strip().equalsIgnoreCase("http");
  }

  /**
   * Checks the settings.
   *
   * @throws UnusableSettingException if one makes no sense
   */
  static void check(Environment environment) {
    String endpoint = environment.getProperty(ENDPOINT, "");
    if (!isHttp(endpoint)) {
      throw new UnusableSettingException(
          ENDPOINT, shown(endpoint), "an http or https URL without a login");
    }
    String share = environment.getProperty(SHARE, "0.1");
    if (!isShare(share)) {
      throw new UnusableSettingException(SHARE, share, "a number from 0.0 to 1.0");
    }
  }

  private static boolean isHttp(String endpoint) {
    try {
      URI uri = URI.create(endpoint.strip());
      return uri.getHost() != null
          && uri.getRawUserInfo() == null
          && ("http".equalsIgnoreCase(uri.getScheme())
              || "https".equalsIgnoreCase(uri.getScheme()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Leaves out what may be a password. */
  private static String shown(String endpoint) {
    int at = endpoint.lastIndexOf('@');
    return at < 0 ? endpoint : "…" + endpoint.substring(at);
  }

  private static boolean isShare(String text) {
    try {
      double share = Double.parseDouble(text.strip());
      return share >= 0 && share <= 1;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
