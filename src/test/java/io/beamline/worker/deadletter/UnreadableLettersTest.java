package io.beamline.worker.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.PoisonedHeaders;
import io.beamline.worker.support.RawPublisher;
import io.beamline.worker.support.WorkerSlice;
import io.nats.client.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Dead letters whose headers the NATS client cannot read. */
class UnreadableLettersTest {

  private static final String SUBJECT = "caf.exec.dlq.v1";

  @Test
  void areListedAndFoundByTheirNumber() throws Exception {
    try (NatsServer nats = NatsServer.start();
        WorkerSlice slice = WorkerSlice.upTo("connection", nats.url(), List.of());
        RawPublisher raw = new RawPublisher(nats.port())) {
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> slice.session() != null);
      NatsSession session = Objects.requireNonNull(slice.session());
      Map<String, byte[]> poisoned = PoisonedHeaders.all();
      poisoned.forEach(
          (fault, block) -> raw.publish(SUBJECT, null, block, letter(fault).getBytes(UTF_8)));

      LetterStream letters = LetterStream.open(session.jetStream(), SUBJECT);

      List<String> listed = new ArrayList<>();
      try (StreamScan scan = letters.scan(null)) {
        for (Message m = scan.next(); m != null; m = scan.next()) {
          listed.add(LetterStream.letter(m).assignmentId());
        }
      }
      assertThat(listed).containsExactlyElementsOf(poisoned.keySet());
      for (int i = 1; i <= listed.size(); i++) {
        Letter letter = letters.find(String.valueOf(i));
        assertThat(letter.assignmentId()).isEqualTo(listed.get(i - 1));
        assertThat(letter.headers()).containsEntry("X-Good", "yes");
      }
      assertThatThrownBy(() -> letters.find("999")).hasMessageContaining("has no dead letter 999");
      assertThat(session.isOpen()).isTrue();
    }
  }

  private static String letter(String id) {
    return "{\"version\":\"1\",\"assignment_id\":\"%s\",\"reason\":\"malformed\"}".formatted(id);
  }
}
