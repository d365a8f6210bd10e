package io.beamline.worker.deadletter;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.util.RawValue;

/**
 * Describes letters for a response in JSON (contract section 9). It redacts secrets as {@link
 * LetterText} does, and cuts each text, because anyone may have written a letter's content. Pure.
 */
final class LetterFields {

  private static final int MAX_TEXT_LENGTH = 256;

  private LetterFields() {}

  /** Returns a letter as the list has it: without its payload, and as if it were not replayed. */
  static Map<String, Object> row(Letter letter) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("sequence", letter.sequence());
    row.put("time", letter.time().toString());
    row.put("replay", ReplayMark.State.OPEN.wireName());
    StoredDeadLetter content = letter.content();
    if (content == null) {
      row.put("not_json", true);
      return row;
    }
    put(row, "reason", content.reason());
    put(row, "assignment_id", content.assignmentId());
    put(row, "tenant_id", content.tenantId());
    put(row, "type", content.jobType());
    put(row, "error_code", content.errorCode());
    if (content.errorMessage() != null) {
      row.put(
          "error_message", LetterText.cell(content.errorMessage(), LetterText.MAX_MESSAGE_LENGTH));
    }
    return row;
  }

  /** Adds the state of its replay to a row. */
  static void mark(Map<String, Object> row, ReplayMark mark) {
    row.put("replay", mark.state().wireName());
    if (mark.at() != null) {
      row.put("replay_at", mark.at().toString());
    }
  }

  /**
   * Returns a whole letter.
   *
   * @param newId the assignment's id of its replay
   * @param original whether to show the original message, without its secrets
   */
  static Map<String, Object> page(Letter letter, ReplayMark mark, String newId, boolean original) {
    Map<String, Object> page = row(letter);
    mark(page, mark);
    page.put("replay_assignment_id", newId);
    Map<String, String> headers = new LinkedHashMap<>();
    letter
        .headers()
        .forEach((name, value) -> headers.put(name, LetterText.header(name, value, false)));
    page.put("headers", headers);
    StoredDeadLetter content = letter.content();
    if (content != null) {
      page.put("original_bytes", content.original().length);
      page.put("content", new RawValue(LetterText.json(content, original)));
    }
    return page;
  }

  /** Returns the outcome of a replay, or of its dry run. */
  static Map<String, Object> outcome(long sequence, ReplayOutcome outcome) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("sequence", sequence);
    switch (outcome) {
      case ReplayOutcome.Replayed(String id, String old) -> assigned(fields, "replayed", id, old);
      case ReplayOutcome.Possible(String id, String old) -> assigned(fields, "possible", id, old);
      case ReplayOutcome.AlreadyReplayed(String id, var at) -> {
        assigned(fields, "already_replayed", id, null);
        if (at != null) {
          fields.put("replay_at", at.toString());
        }
      }
      case ReplayOutcome.Impossible(String why) -> {
        fields.put("outcome", "impossible");
        fields.put("why", why);
      }
    }
    return fields;
  }

  /** Returns the numbers of letters that a following request goes on with. */
  static Map<String, Object> range(long from, long to) {
    Map<String, Object> range = new LinkedHashMap<>();
    range.put("from", from);
    range.put("to", to);
    return range;
  }

  private static void assigned(
      Map<String, Object> fields, String outcome, String id, @Nullable String old) {
    fields.put("outcome", outcome);
    fields.put("assignment_id", id);
    put(fields, "replay_of", old);
  }

  private static void put(Map<String, Object> fields, String name, @Nullable String text) {
    if (text != null) {
      fields.put(name, LetterText.cell(text, MAX_TEXT_LENGTH));
    }
  }
}
