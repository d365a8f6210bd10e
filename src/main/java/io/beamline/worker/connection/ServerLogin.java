package io.beamline.worker.connection;

import io.beamline.worker.config.UnusableSettingException;
import io.nats.client.NKey;
import io.nats.spring.boot.autoconfigure.NatsProperties;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks the login settings. A login that the server refuses is tried again. A setting that can
 * never be a login stops the start (contract section 8). Pure, except that it reads the credentials
 * file's attributes.
 */
final class ServerLogin {

  private static final String HIDDEN = "(hidden)";

  private ServerLogin() {}

  /**
   * Checks user and password, token, NKey and credentials file. At most one kind may be set.
   *
   * @throws UnusableSettingException when a setting cannot be used; the message shows no secret
   */
  static void check(NatsProperties settings) {
    refuseSeveral(settings);
    refuseControls("nats.spring.password", settings.getPassword());
    refuseControls("nats.spring.token", settings.getToken());
    boolean hasUsername = isSet(settings.getUsername());
    if (hasUsername && settings.getPassword() == null) {
      throw new UnusableSettingException(
          "nats.spring.username",
          settings.getUsername(),
          "used together with nats.spring.password");
    }
    if (!hasUsername && isSet(settings.getPassword())) {
      throw new UnusableSettingException(
          "nats.spring.password", HIDDEN, "used together with nats.spring.username");
    }
    if (isSet(settings.getNkey()) && !isUserSeed(settings.getNkey())) {
      throw new UnusableSettingException(
          "nats.spring.nkey", HIDDEN, "the seed of a user's NKey, which begins with SU");
    }
    String credentials = settings.getCredentials();
    if (isSet(credentials) && !isReadableFile(credentials)) {
      throw new UnusableSettingException(
          "nats.spring.credentials", credentials, "a credentials file that can be read");
    }
  }

  /** The client would use one of them and silently ignore the others. */
  private static void refuseSeveral(NatsProperties settings) {
    Map<String, String> kinds = new LinkedHashMap<>();
    kinds.put("username", settings.getUsername());
    kinds.put("token", settings.getToken());
    kinds.put("nkey", settings.getNkey());
    kinds.put("credentials", settings.getCredentials());
    kinds.values().removeIf(value -> !isSet(value));
    if (kinds.size() > 1) {
      throw new UnusableSettingException(
          "nats.spring.*", String.join(" and ", kinds.keySet()), "one kind of login");
    }
  }

  /** A control character is a mistake, such as a line feed from a file of two lines. */
  private static void refuseControls(String property, @Nullable String secret) {
    if (secret != null && secret.chars().anyMatch(Character::isISOControl)) {
      throw new UnusableSettingException(property, HIDDEN, "one line without control characters");
    }
  }

  private static boolean isReadableFile(String name) {
    try {
      Path file = Path.of(name);
      return Files.isRegularFile(file) && Files.isReadable(file);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static boolean isUserSeed(String seed) {
    try {
      return NKey.fromSeed(seed.toCharArray()).getType() == NKey.Type.USER;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isSet(@Nullable String text) {
    return text != null && !text.isEmpty();
  }
}
