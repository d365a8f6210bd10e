package io.beamline.worker.block.nats;

import io.beamline.worker.config.NatsBlockProperties;
import io.beamline.worker.config.NatsDeliveryProperties.Subjects;
import io.beamline.worker.config.UnusableSettingException;
import io.beamline.worker.connection.SubjectFilter;
import java.util.List;
import java.util.Set;

/**
 * Where requests may go (contract section 4): to the subjects that the settings allow, and never to
 * one that the worker or NATS itself uses. Immutable.
 *
 * @param patterns the allowed subjects, which may have wildcards
 * @param own the worker's subjects
 * @param inboxes how the worker's inboxes begin, besides {@code _INBOX}
 */
record AllowedSubjects(List<String> patterns, Set<String> own, String inboxes) {

  private static final String SYSTEM = "$";
  private static final String INBOX = "_INBOX";

  /**
   * Returns the rules of these settings.
   *
   * @param inboxPrefix the client's {@code inbox-prefix}; empty for the default
   * @throws UnusableSettingException if an entry is no subject, or allows only what is never
   *     allowed
   */
  static AllowedSubjects of(List<String> entries, Subjects own, String inboxPrefix) {
    AllowedSubjects allowed =
        new AllowedSubjects(
            entries.stream().map(String::strip).toList(),
            Set.of(own.assign(), own.ack(), own.result(), own.heartbeat(), own.dlq(), own.cancel()),
            inboxes(inboxPrefix));
    allowed.patterns.forEach(allowed::check);
    return allowed;
  }

  /** Returns whether requests to a subject without wildcards are allowed. */
  boolean permits(String subject) {
    return !isReserved(subject) && SubjectFilter.any(patterns, subject);
  }

  /** Adds the dot that the client adds too. */
  private static String inboxes(String prefix) {
    if (prefix.isEmpty()) {
      return INBOX;
    }
    return prefix.endsWith(".") ? prefix : prefix + ".";
  }

  private void check(String entry) {
    if (!SubjectSyntax.isPattern(entry)) {
      throw refused(
          entry,
          "at most "
              + SubjectSyntax.MAX_LENGTH
              + " visible ASCII characters, with dots between words, where * stands for a word and"
              + " > for the last ones");
    }
    if (isReserved(entry)) {
      throw refused(
          entry, "none of the worker's own subjects, no inbox, and nothing that begins with $");
    }
  }

  /** Returns whether a subject, or all that a pattern covers, is never allowed. */
  private boolean isReserved(String subject) {
    return subject.startsWith(SYSTEM)
        || subject.startsWith(INBOX)
        || subject.startsWith(inboxes)
        || own.contains(subject);
  }

  private static UnusableSettingException refused(String entry, String rule) {
    return new UnusableSettingException(NatsBlockProperties.ALLOWED_SUBJECTS, entry, rule);
  }
}
