package io.beamline.worker.contract.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.CancelFault;
import io.beamline.worker.contract.CancelMessage;
import io.beamline.worker.contract.CancelRequest;
import io.beamline.worker.contract.CancelTarget;
import io.beamline.worker.contract.CancelTarget.IdKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CancelCodecTest {

  @ParameterizedTest
  @EnumSource
  void readsWhatItWrites(IdKind kind) {
    CancelRequest request =
        new CancelRequest(new CancelTarget("tenant ä", kind, "x-1"), "too late", "ops", 17L);
    assertThat(CancelCodec.decode(CancelCodec.encode(request))).isEqualTo(request);
  }

  @Test
  void takesARequestWithNothingButItsTarget() {
    assertThat(decode("{'version':'1','tenant_id':'t','run_id':'r','reason':null,'more':[1]}"))
        .isEqualTo(new CancelRequest(new CancelTarget("t", IdKind.RUN_ID, "r"), null, null, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          no JSON                                                              | not a JSON object
          []                                                                   | not a JSON object
          {'version':'1','version':'1'}                                        | duplicate key
          {}                                                                   | version is missing
          {'version':'2','tenant_id':'t','run_id':'r'}                         | version is not
          {'version':1,'tenant_id':'t','run_id':'r'}                           | version is not a string
          {'version':'1','run_id':'r'}                                         | tenant_id is missing
          {'version':'1','tenant_id':'','run_id':'r'}                          | tenant_id is missing
          {'version':'1','tenant_id':'t'}                                      | exactly one of
          {'version':'1','tenant_id':'t','run_id':'r','flow_id':'f'}           | exactly one of
          {'version':'1','tenant_id':'t','run_id':''}                          | run_id breaks
          {'version':'1','tenant_id':'t','assignment_id':'ä'}                  | assignment_id breaks
          {'version':'1','tenant_id':'t','assignment_id':7}                    | assignment_id is not a string
          {'version':'1','tenant_id':'t','run_id':'r','reason':'a\\u0007'}     | reason is not
          {'version':'1','tenant_id':'t','run_id':'r','reason':5}              | reason is not a string
          {'version':'1','tenant_id':'t','run_id':'r','requested_by':'\\u2028'} | requested_by is not
          {'version':'1','tenant_id':'t','run_id':'r','requested_at':'now'}    | requested_at is no time
          {'version':'1','tenant_id':'t','run_id':'r','requested_at':1.5}      | requested_at is no time
          """)
  void saysWhatIsWrong(String json, String fault) {
    assertThat(decode(json))
        .isInstanceOfSatisfying(
            CancelFault.class, found -> assertThat(found.text()).contains(fault));
  }

  @Test
  void boundsTheReasonAndTheMessage() {
    String start = "{'version':'1','tenant_id':'t','run_id':'r','reason':'";
    assertThat(decode(start + "é".repeat(256) + "'}")).isInstanceOf(CancelRequest.class);
    assertThat(decode(start + "é".repeat(257) + "'}")).isInstanceOf(CancelFault.class);
    assertThat(CancelCodec.decode(new byte[Json.MAX_MESSAGE_BYTES + 1]))
        .isInstanceOf(CancelFault.class);
    assertThat(CancelCodec.decode(new byte[] {(byte) 0xFF})).isInstanceOf(CancelFault.class);
    assertThat(CancelCodec.decode(new byte[0])).isInstanceOf(CancelFault.class);
  }

  private static CancelMessage decode(String json) {
    return CancelCodec.decode(json.replace('\'', '"').getBytes(UTF_8));
  }
}
