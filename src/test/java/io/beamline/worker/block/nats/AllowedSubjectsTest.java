package io.beamline.worker.block.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamline.worker.config.UnusableSettingException;
import io.beamline.worker.connection.ConnectionFixture;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests are allowed, and which settings say nothing. */
class AllowedSubjectsTest {

  @ParameterizedTest
  @CsvSource({
    "a.b, a.b, true",
    "a.b, a.c, false",
    "a.b, a.b.c, false",
    "a.*, a.b, true",
    "a.*, a, false",
    "a.*, a.b.c, false",
    "a.>, a.b.c, true",
    "a.>, a, false",
    "*.b, a.b, true",
    ">, a, true",
    ">, A-b_1/x=, true",
    ">, $JS.API.INFO, false",
    ">, $SYS.REQ, false",
    "*.API.INFO, $JS.API.INFO, false",
    ">, _INBOX.x.y, false",
    ">, _INBOX_other.x, false",
    ">, mine.inbox.x, false",
    ">, mine.x, true",
    ">, caf.exec.assign.v1, false",
    "caf.>, caf.exec.assign.v1.ack, false",
    "caf.>, caf.exec.result.v1, false",
    "caf.>, caf.worker.heartbeat.v1, false",
    "caf.>, caf.exec.dlq.v1, false",
    "caf.exec.*.v1, caf.exec.cancel.v1, false",
    "caf.>, caf.exec.assign.v2, true"
  })
  void permits(String entry, String subject, boolean permitted) {
    assertThat(allowed(entry).permits(subject)).isEqualTo(permitted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "a..b", ".a", "a.", "a b", "a.>.b", "a*", "a.b>", "\u00e9", "a\tb"})
  void refusesWhatIsNoSubject(String entry) {
    assertThatThrownBy(() -> allowed("fine.x", entry))
        .isInstanceOf(UnusableSettingException.class)
        .hasMessageStartingWith(
            "worker.blocks.nats.allowed-subjects is '"
                + entry.strip()
                + "', but must be at most 256")
        .message()
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$JS.API.>",
        "$KV.bucket.key",
        "$SYS.>",
        "_INBOX.>",
        "_INBOX_mine.x",
        "mine.inbox.>",
        "caf.exec.assign.v1",
        "caf.exec.assign.v1.ack",
        "caf.exec.result.v1",
        "caf.worker.heartbeat.v1",
        "caf.exec.dlq.v1",
        "caf.exec.cancel.v1"
      })
  void refusesWhatIsNeverAllowed(String entry) {
    assertThatThrownBy(() -> allowed(entry))
        .isInstanceOf(UnusableSettingException.class)
        .hasMessageContaining(
            "is '" + entry + "', but must be none of the worker's own subjects, no inbox");
  }

  @ParameterizedTest
  @CsvSource({"256, true", "257, false"})
  void boundsTheLength(int length, boolean taken) {
    assertThat(SubjectSyntax.isSubject("x".repeat(length))).isEqualTo(taken);
  }

  private static AllowedSubjects allowed(String... entries) {
    return AllowedSubjects.of(
        List.of(entries), ConnectionFixture.settings().subjects(), "mine.inbox.");
  }
}
