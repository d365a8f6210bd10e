package io.beamline.worker.connection;

import io.beamline.worker.config.UnusableSettingException;
import io.nats.client.support.NatsUri;
import java.net.URISyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks the text of the server addresses. The worker waits for a server that is away. A text that
 * can never be an address stops the start (contract section 8). Pure.
 */
final class ServerAddresses {

  private static final String PROPERTY = "nats.spring.server";
  private static final String RULE =
      "one or more addresses separated by commas, such as nats://host:4222 or tls://host, each with"
          + " a port from 1 to 65535 or none";
  private static final int MAX_PORT = 65_535;

  private ServerAddresses() {}

  /**
   * Checks each address.
   *
   * @param setting addresses separated by commas; null for the client's default
   * @throws UnusableSettingException when one of them is not an address; the message has no
   *     password
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
      // The client's parser throws NullPointerException when no port follows the colon.
      return false;
    }
  }

  /** Returns the address without any part of a password, which may itself contain a comma. */
  private static String shown(String address, String setting) {
    int at = address.lastIndexOf('@');
    if (at >= 0) {
      return "..." + address.substring(at);
    }
    return setting.indexOf('@') < 0 ? address : "(hidden)";
  }
}
