package io.beamline.worker.observability.tracing;

import io.beamline.worker.config.UnusableSettingException;
import java.net.URI;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** Whether the settings ask for traces, and whether they make sense. Stateless. */
final class TracingSwitch {

  private static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";
  private static final String SHARE = "management.tracing.sampling.probability";

  private TracingSwitch() {}

  /** Returns whether there is an endpoint to export spans to. */
  static boolean isOn(Environment environment) {
    return StringUtils.hasText(environment.getProperty(ENDPOINT));
  }

  /**
   * Checks the settings.
   *
   * @throws UnusableSettingException if one makes no sense
   */
  static void check(Environment environment) {
    String endpoint = environment.getProperty(ENDPOINT, "");
    if (!isHttp(endpoint)) {
      throw new UnusableSettingException(ENDPOINT, shown(endpoint), "an http or https URL");
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
