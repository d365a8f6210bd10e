package io.beamline.worker.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
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

  @ParameterizedTest
  @CsvSource({
    "$JS.ACK.S.C.1.42.7.8.0, 1",
    "$JS.ACK.S.C.120.42.7.8.0, 120",
    "$JS.ACK.hub.acc.S.C.3.42.7.8.0, 3",
    "$JS.ACK.hub.acc.S.C.4.42.7.8.0.token, 4",
    "$JS.ACK.S.C.1.42.7.8, 0",
    "$JS.ACK.S.C.one.42.7.8.0, 0",
    "$JS.ACK.S.C..42.7.8.0, 0",
    "$JS.ACK.S.C.99999999999999999999.42.7.8.0, 0",
    "_INBOX.a.b.c.d.e.f.g.h, 0",
    "'', 0",
    ", 0"
  })
  void saysHowOftenAMessageWasDelivered(@Nullable String subject, long deliveries) {
    assertThat(AckSubject.deliveries(subject)).isEqualTo(deliveries);
  }
}
