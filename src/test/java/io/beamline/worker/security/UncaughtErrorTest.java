package io.beamline.worker.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.observability.logging.UncaughtErrors;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.system.CapturedOutput;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Even a thread that dies says so in the log's format. */
class UncaughtErrorTest extends WebTest {

  @Test
  void isOneJsonLineThatNamesItsThread(CapturedOutput output) throws InterruptedException {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    try {
      UncaughtErrors.install();
      Thread thread = Thread.ofPlatform().name("doomed").start(UncaughtErrorTest::fail);
      assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }

    assertThat(output.getErr().lines())
        .singleElement()
        .satisfies(
            line -> {
              JsonNode json = JsonMapper.shared().readTree(line);
              assertThat(json.path("level").stringValue("")).isEqualTo("ERROR");
              assertThat(json.at("/context/ended_thread").stringValue("")).isEqualTo("doomed");
              assertThat(json.at("/context/exception/class").stringValue(""))
                  .isEqualTo("java.lang.AssertionError");
              assertThat(json.at("/context/exception/message").stringValue(""))
                  .isEqualTo("on purpose");
            });
  }

  private static void fail() {
    throw new AssertionError("on purpose");
  }
}
