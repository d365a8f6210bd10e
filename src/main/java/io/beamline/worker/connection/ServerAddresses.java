package io.beamline.worker.connection;

import io.beamline.worker.config.UnusableSettingException;
import io.nats.client.support.NatsUri;
import java.net.URISyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges the addresses of NATS by their text. A server that is away is waited for; an address that
 * can never be one stops the start (contract section 8). Pure.
 */
final class ServerAddresses {

  private static final String PROPERTY = "nats.spring.server";
  private static final String RULE =
      "one or more addresses separated by commas, such as nats://host:4222 or tls://host, each with"
          + " a port from 1 to 65535 or none";
  private static final int MAX_PORT = 65_535;

  private ServerAddresses() {}

  /**
   * Looks at each address.
   *
   * @param setting addresses separated by commas; the client's default when null
   * @throws UnusableSettingException when one of them is none
   */
  static void check(@Nullable String setting) {
    if (setting == null) {
      return;
    }
    for (String address : List.of(setting.split(","))) {
      if (!isAddress(address.strip())) {
        throw new UnusableSettingException(PROPERTY, shown(address, setting), RULE);
      }
    }
  }

  private static boolean isAddress(String text) {
    try {
      NatsUri uri = new NatsUri(text);
      return !text.endsWith(":") && uri.getPort() > 0 && uri.getPort() <= MAX_PORT;
    } catch (URISyntaxException | NullPointerException e) {
      // The client's parser fails over a port that is missing after its colon.
      return false;
    }
  }

  /** Never a password, nor a piece of one with a comma in it. */
  private static String shown(String address, String setting) {
    int at = address.lastIndexOf('@');
    if (at >= 0) {
      return "..." + address.substring(at);
    }
    return setting.indexOf('@') < 0 ? address : "(hidden)";
  }
}
