package io.beamline.worker.connection;

import io.beamline.worker.connection.MissingPermissions.Permission;
import java.util.regex.Pattern;

/**
 * Names the permission to allow when the server has refused a subject to a command. A command needs
 * every subject that it uses. Some contain a consumer's random name or the key of an entry, so the
 * permission has a wildcard there. Pure.
 */
final class CommandPermissions {

  private static final Pattern ANY_WORDS =
      Pattern.compile(
          "^((?:"
              + JetStreamApi.ANY_PREFIX
              + ")(?:CONSUMER\\.CREATE|DIRECT\\.GET)\\.[^.]+|(?:"
              + JetStreamApi.ANY_PREFIX
              + ")?\\$KV\\.[^.]+|_[^.]+)\\..+$");
  private static final Pattern ANY_CONSUMER =
      Pattern.compile(
          "^("
              + JetStreamApi.ANY_PREFIX
              + "CONSUMER\\.(?:INFO|DELETE|MSG\\.NEXT)\\.[^.]+)\\.[^.]+$");

  private CommandPermissions() {}

  /** Returns the missing permission for a refused subject. */
  static Permission missing(boolean publish, String subject) {
    String verb = publish ? "publish to " : "subscribe to ";
    return new Permission(verb + subject, "so allow it to " + verb + pattern(subject));
  }

  private static String pattern(String subject) {
    String words = ANY_WORDS.matcher(subject).replaceFirst("$1.>");
    return ANY_CONSUMER.matcher(words).replaceFirst("$1.*");
  }
}
