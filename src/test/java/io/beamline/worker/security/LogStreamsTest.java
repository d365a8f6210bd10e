package io.beamline.worker.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;

class LogStreamsTest extends WebTest {

  private static final Logger LOG = LoggerFactory.getLogger(LogStreamsTest.class);

  @Test
  void errorsGoToStderrAndTheRestToStdout(CapturedOutput output) {
    LOG.error("this is an error");
    LOG.warn("this is a warning");

    assertThat(output.getErr()).contains("this is an error").doesNotContain("this is a warning");
    assertThat(output.getOut()).contains("this is a warning").doesNotContain("this is an error");
    assertThat(output.getErr().lines().filter(line -> line.contains("this is an error")))
        .singleElement()
        .asString()
        .startsWith("{\"timestamp\":\"")
        .contains("\"worker_id\":\"worker-under-test\"")
        .endsWith("}}");
  }
}
