package io.beamline.worker.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AckSubjectTest {

  @ParameterizedTest
  @CsvSource({
    "$JS.ACK.S.C.1.42.7.8.0, 42, $JS.ACK.S.C.>",
    "$JS.ACK.hub.acc.S.C.1.42.7.8.0, 42, $JS.ACK.hub.acc.S.C.>",
    "$JS.ACK.hub.acc.S.C.1.42.7.8.0.token, 42, $JS.ACK.hub.acc.S.C.>",
    "$JS.ACK.S, , $JS.ACK.S.>",
    "_INBOX.a, , _INBOX.a.>",
    "'', , .>"
  })
  void readsBothForms(String subject, String sequence, String wholeConsumer) {
    AckSubject ack = new AckSubject(subject == null ? "" : subject);

    assertThat(ack.sequence()).isEqualTo(sequence);
    assertThat(ack.ofWholeConsumer()).isEqualTo(wholeConsumer);
  }
}
