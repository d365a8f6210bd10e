package io.beamline.worker.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.support.Calls;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.OperationTimeouts;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EchoBlockTest {

  @Test
  void returnsThePayloadUnchanged() {
    RawJson payload = new RawJson("{\"a\": [1.50, null],  \"b\":\"\\u00e4\"}");
    BlockCall call =
        Calls.of(
            "a1", payload, OperationTimeouts.cp1(Duration.ofSeconds(1)), Deadline.never(), false);

    assertThat(new EchoBlock().run(call)).isEqualTo(new Outputs.RawObject(payload));
    assertThat(new EchoBlock().type().pool()).isEqualTo(ResourcePool.CPU);
  }
}
