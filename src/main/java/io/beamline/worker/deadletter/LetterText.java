package io.beamline.worker.deadletter;

import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.json.ReadableJson;
import io.beamline.worker.observability.logging.SecretNames;
import io.beamline.worker.observability.logging.UserInfo;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Formats letters for a terminal. It escapes control characters and redacts secrets, because anyone
 * may have written a letter's content. Pure.
 */
final class LetterText {

  static final int MAX_MESSAGE_LENGTH = 80;
  private static final String ROW = "%-8s %-20s %-8s %-12s %-40s %-16s %-16s %-22s %s";
  private static final ReadableJson SAFE =
      new ReadableJson(SecretNames::contains, LetterText::safe);
  private static final String REDACTED = "[REDACTED]";

  static final String HEADING =
      ROW.formatted(
          "ID",
          "TIME",
          "REPLAY",
          "REASON",
          "ASSIGNMENT_ID",
          "TENANT",
          "JOB_TYPE",
          "ERROR",
          "MESSAGE");

  private LetterText() {}

  /** Returns a letter as one line of the list. */
  static String row(Letter letter, ReplayMark mark) {
    StoredDeadLetter content = letter.content();
    String time = letter.time().truncatedTo(ChronoUnit.SECONDS).toString();
    String state = mark.state().wireName();
    return content == null
        ? ROW.formatted(letter.sequence(), time, state, "-", "-", "-", "-", "-", "not JSON").strip()
        : ROW.formatted(
            letter.sequence(),
            time,
            state,
            cell(content.reason(), 20),
            cell(content.assignmentId(), Integer.MAX_VALUE),
            cell(content.tenantId(), Integer.MAX_VALUE),
            cell(content.jobType(), 40),
            cell(content.errorCode(), 40),
            cell(content.errorMessage(), MAX_MESSAGE_LENGTH));
  }

  /**
   * Returns a whole letter.
   *
   * @param newId the assignment's id of its replay
   * @param reveal whether to show secrets
   */
  static String page(Letter letter, ReplayMark mark, String newId, boolean reveal) {
    StringBuilder page = new StringBuilder();
    page.append("Dead letter ").append(letter.sequence()).append(" of ").append(letter.time());
    page.append("\nReplay: ").append(replay(mark, newId)).append("\n\nHeaders\n");
    letter
        .headers()
        .forEach(
            (name, value) ->
                page.append("  %s: %s%n".formatted(name, header(name, value, reveal))));
    page.append("\nContent\n").append(content(letter.content(), reveal));
    return Printable.lines(page.toString());
  }

  private static String replay(ReplayMark mark, String newId) {
    return switch (mark.state()) {
      case OPEN -> "none";
      case STARTED -> "as " + newId + ", begun at " + mark.at() + " and not confirmed";
      case DONE -> "done as " + newId + " at " + mark.at();
    };
  }

  /** Returns the value of a header. */
  static String header(String name, String value, boolean reveal) {
    if (reveal) {
      return Printable.line(value);
    }
    return SecretNames.contains(name) ? REDACTED : Printable.line(safe(value));
  }

  /** Returns a text on one line, without secrets; {@code -} for none. */
  static String cell(@Nullable String text, int longest) {
    return Printable.line(text == null ? null : safe(text), longest);
  }

  /** Redacts the secrets in a text, which may contain JSON. */
  private static String safe(String text) {
    String json = text.strip();
    if (!json.startsWith("{") && !json.startsWith("[")) {
      return UserInfo.cut(text);
    }
    try {
      return SAFE.format(new RawJson(json));
    } catch (JacksonException e) {
      return SecretNames.contains(text) ? REDACTED : UserInfo.cut(text);
    }
  }

  /**
   * Returns the content as JSON without secrets.
   *
   * @param original whether it has the original, unless that is in base64: secrets in that have no
   *     names
   */
  static String json(StoredDeadLetter content, boolean original) {
    return SAFE.format(original && !content.encoded() ? content.json() : content.withoutOriginal());
  }

  private static String content(@Nullable StoredDeadLetter content, boolean reveal) {
    if (content == null) {
      return "It is not a JSON object; nats stream get shows its bytes.\n";
    }
    ReadableJson style = reveal ? ReadableJson.UNREDACTED : SAFE;
    return content.encoded()
        ? style.format(content.withoutOriginal()) + "\n\nOriginal\n" + bytes(content, reveal)
        : style.format(content.json()) + "\n";
  }

  private static String bytes(StoredDeadLetter content, boolean reveal) {
    int size = content.original().length;
    String cut = content.truncated() ? ", cut," : "";
    return reveal
        ? "%d bytes%s that are not a JSON object, in base64:%n%s%nand as text:%n%s%n"
            .formatted(
                size, cut, Base64.getEncoder().encodeToString(content.original()), text(content))
        : "%d bytes%s that are not a JSON object, so that secrets in them have no names; --reveal shows them.%n"
            .formatted(size, cut);
  }

  private static String text(StoredDeadLetter content) {
    return new String(content.original(), StandardCharsets.UTF_8);
  }
}
