package io.beamline.worker.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.result.OutgoingMessage.MessageKind;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a failure to publish means. */
class PublishFailureTest {

  @Test
  void looksAtTheCauseUnderItsWrappings() {
    Throwable tooLarge = new IllegalArgumentException("payload over the limit");
    assertThat(PublishFailure.of(tooLarge)).isEqualTo(PublishFailure.TOO_LARGE);
    assertThat(PublishFailure.of(new CompletionException(new IllegalStateException(tooLarge))))
        .isEqualTo(PublishFailure.TOO_LARGE);
    assertThat(PublishFailure.of(new CompletionException(new CancellationException())))
        .isEqualTo(PublishFailure.NO_RESPONSE);
  }

  @ParameterizedTest
  @CsvSource({
    "TOO_LARGE,    RESULT,        1, NEW_SESSION",
    "TOO_LARGE,    DEAD_LETTER,   1, NEW_SESSION",
    "STREAM_ERROR, RESULT,      100, NONE",
    "NO_RESPONSE,  RESULT,        1, NONE",
    "NO_RESPONSE,  RESULT,        2, NEW_SESSION",
    "NO_RESPONSE,  ACK,           2, NEW_SESSION",
    "NO_RESPONSE,  DEAD_LETTER,   1, NONE",
    "NO_RESPONSE,  DEAD_LETTER, 100, STREAM_CHECK",
  })
  void asksForANewSessionOnlyWhereItMayHelp(
      PublishFailure failure, MessageKind kind, int failures, PublishFailure.Remedy remedy) {
    assertThat(failure.remedy(kind, failures)).isEqualTo(remedy);
  }
}
