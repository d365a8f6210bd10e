package io.beamline.worker.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

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

  @Test
  void asksForANewSessionOnlyWhereItMayHelp() {
    assertThat(PublishFailure.TOO_LARGE.mayNeedNewSession(1)).isTrue();
    assertThat(PublishFailure.STREAM_ERROR.mayNeedNewSession(100)).isFalse();
    assertThat(PublishFailure.NO_RESPONSE.mayNeedNewSession(1)).isFalse();
    assertThat(PublishFailure.NO_RESPONSE.mayNeedNewSession(2)).isTrue();
  }
}
