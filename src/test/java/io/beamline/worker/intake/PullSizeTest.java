package io.beamline.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How much a pull requests. */
class PullSizeTest {

  private static final int MAX_MESSAGE = 1 << 20;
  private static final int BATCH = 500;
  private static final Duration QUICK = Duration.ofMillis(10);

  @Test
  void asksForMoreBytesWhileTheLinkIsQuickAndForFewerWhenItIsSlow() {
    PullSize size = new PullSize(true, MAX_MESSAGE);
    assertThat(size.bytes(Long.MAX_VALUE)).isEqualTo(PullSize.MIN_BYTES);
    for (int i = 0; i < 100; i++) {
      size.filledIn(QUICK);
    }
    assertThat(size.bytes(Long.MAX_VALUE)).isEqualTo(8 << 20);
    assertThat(size.bytes(1_000)).isEqualTo(1_000);
    size.filledIn(Duration.ofSeconds(2));
    assertThat(size.bytes(Long.MAX_VALUE)).isEqualTo(4 << 20);
    assertThat(size.messages(BATCH, Long.MAX_VALUE)).isEqualTo(BATCH);
  }

  @Test
  void asksForOneMessageOfUnknownSize() {
    assertThat(new PullSize(false, MAX_MESSAGE).messages(BATCH, Long.MAX_VALUE)).isOne();
  }

  @Test
  void believesSmallMessagesSlowlyAndALargeOneAtOnce() {
    PullSize size = new PullSize(false, MAX_MESSAGE);
    for (int i = 0; i < 20; i++) {
      size.delivered(400);
    }
    assertThat(size.messages(BATCH, Long.MAX_VALUE)).isOne();
    for (int i = 0; i < 200; i++) {
      size.delivered(400);
    }
    assertThat(size.messages(BATCH, Long.MAX_VALUE)).isEqualTo(BATCH);
    assertThat(size.messages(20, Long.MAX_VALUE)).isEqualTo(20);
    assertThat(size.messages(BATCH, 10_000)).isBetween(20, 25);
    size.delivered(MAX_MESSAGE);
    assertThat(size.messages(BATCH, Long.MAX_VALUE)).isOne();
  }

  @Test
  void asksForMoreLargeMessagesWhileTheLinkIsQuick() {
    PullSize size = new PullSize(false, MAX_MESSAGE);
    for (int i = 0; i < 31; i++) {
      size.filledIn(QUICK);
    }
    assertThat(size.messages(BATCH, Long.MAX_VALUE)).isEqualTo(8);
  }
}
