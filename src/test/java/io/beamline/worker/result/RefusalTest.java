package io.beamline.worker.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** What a failure to publish means. */
class RefusalTest {

  @Test
  void looksAtTheCauseUnderItsWrappings() {
    Throwable tooLarge = new IllegalArgumentException("payload over the limit");
    assertThat(Refusal.of(tooLarge)).isEqualTo(Refusal.SIZE);
    assertThat(Refusal.of(new CompletionException(new IllegalStateException(tooLarge))))
        .isEqualTo(Refusal.SIZE);
    assertThat(Refusal.of(new CompletionException(new CancellationException())))
        .isEqualTo(Refusal.SILENCE);
  }

  @Test
  void asksForANewSessionOnlyWhereItMayHelp() {
    assertThat(Refusal.SIZE.mayEndInANewSession(1)).isTrue();
    assertThat(Refusal.STREAM.mayEndInANewSession(100)).isFalse();
    assertThat(Refusal.SILENCE.mayEndInANewSession(1)).isFalse();
    assertThat(Refusal.SILENCE.mayEndInANewSession(2)).isTrue();
  }
}
