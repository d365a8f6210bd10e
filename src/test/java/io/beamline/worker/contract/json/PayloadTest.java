package io.beamline.worker.contract.json;

import static io.beamline.worker.contract.json.Sample.valid;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.ExecAssignment;
import io.beamline.worker.contract.ExecResult;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.StepOutcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The payload is carried as it came, byte for byte. */
class PayloadTest {

  private static final String BEFORE =
      "{\"version\":\"1\",\"assignment_id\":\"a-1\",\"request_id\":\"r-1\",\"tenant_id\":\"%s\","
          + "\"executor\":{\"provider_id\":\"p\"},\"job\":{\"type\":\"echo\",\"payload\":";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{ }",
        "{\r\n\t\"a\" :  1 ,\"b\":[ ]\n}",
        "{\"z\":1,\"a\":2}",
        "{\"\\u0061\":\"\\u00e9\\/\\n\\ud83d\\ude00\"}",
        "{\"lone\":\"\\ud800\",\"\\u0000\":\"\\udc00\"}",
        "{\"text\":\"é€\uD83D\uDE00\u2028\uFEFF\"}",
        "{\"n\":[1.0,1.00,1e0,1E+0,-0,-0.0,1e999999,12345678901234567890.123456789]}",
        "{\"brackets\":\"}{][\\\"}\"}",
        "{\"payload\":{\"payload\":null}}"
      })
  void isCarriedVerbatim(String payload) {
    for (String tenant : new String[] {"t", "é€\uD83D\uDE00", "\\u00e9", "x".repeat(256)}) {
      for (String space : new String[] {"", " ", " \r\n\t "}) {
        String message = BEFORE.formatted(tenant) + space + payload + space + "}}";
        assertThat(valid(message.getBytes(UTF_8)).assignment().payload().text()).isEqualTo(payload);
      }
    }
  }

  @Test
  void isCarriedVerbatimHoweverLongItIs() {
    for (int length : new int[] {3_999, 8_000, 65_536, 1_000_000}) {
      String payload = "{\"a\":\"" + "x".repeat(length) + "\",\"é\": [1, 2] }";
      assertThat(
              valid((BEFORE.formatted("é") + payload + "}}").getBytes(UTF_8))
                  .assignment()
                  .payload())
          .isEqualTo(new RawJson(payload));
    }
  }

  @Test
  void isWrittenIntoTheResultVerbatim() {
    String payload = "{ \"b\":1.00,\"a\" : \"\\u00e9é\uD83D\uDE00\\ud800\" }";
    ExecAssignment assignment =
        valid((BEFORE.formatted("t") + payload + "}}").getBytes(UTF_8)).assignment();
    ExecResult result =
        new ExecResult(
            AssignmentIdentity.of(assignment),
            new StepOutcome.Success(new Outputs.RawObject(assignment.payload())),
            0,
            0,
            1_795_415_735_566L,
            ExecResult.Cp2.NOTHING);
    assertThat(new String(MessageEncoder.encode(result), UTF_8)).contains("\"result\":" + payload);
  }

  @Test
  void isNeverShownInText() {
    assertThat(new RawJson("{\"password\":\"x\"}")).hasToString("RawJson[16 bytes]");
  }
}
