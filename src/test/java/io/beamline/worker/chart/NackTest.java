package io.beamline.worker.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.chart.CustomResources.ConsumerTerms;
import io.beamline.worker.chart.CustomResources.StreamTerms;
import io.beamline.worker.support.NatsServer;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.convert.DurationStyle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The streams as NACK's resources: on a server they are what the worker itself would make. */
class NackTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String VALUES =
      """
      nack: {enabled: true, account: workers}
      worker:
        nats: {maxAge: 36h, maxBytes: 100MB, ackWait: 2m}
        features: {store: nats-kv, bucket: flags}
      """;

  private NatsServer nats;
  private Connection connection;
  private JetStreamManagement management;

  @BeforeEach
  void start() throws IOException {
    nats = NatsServer.start();
    connection = nats.connect();
    management = connection.jetStreamManagement();
  }

  @AfterEach
  void stop() {
    NatsServer.disconnect(connection);
    nats.close();
  }

  @Test
  void makesWhatTheNotesSay() throws Exception {
    String withoutNack = VALUES.replace("enabled: true", "enabled: false");
    NatsCommands.run(Chart.notes(withoutNack), connection);
    bucket("CAF_EXEC_DLQ_V1_REPLAYS", Duration.ofHours(36));
    Map<String, String> expected = configurations();
    for (String stream : management.getStreamNames()) {
      management.deleteStream(stream);
    }

    makeAll(VALUES);

    assertThat(configurations()).hasSize(9).isEqualTo(expected);
  }

  @Test
  void keepsEverythingWhenTheReleaseGoes() {
    assertThat(resources(VALUES))
        .hasSize(9)
        .allMatch(resource -> resource.at("/spec/preventDelete").booleanValue())
        .allMatch(resource -> resource.at("/spec/account").stringValue().equals("workers"));
    assertThat(resources("nack: {enabled: true}"))
        .hasSize(8)
        .noneMatch(resource -> resource.path("spec").has("account"));
    assertThat(Chart.notes("nack: {enabled: true}")).contains("NACK makes the streams");
  }

  private void makeAll(String values) throws IOException, JetStreamApiException {
    for (JsonNode resource : resources(values)) {
      JsonNode spec = resource.path("spec");
      if (resource.path("kind").stringValue().equals("Stream")) {
        management.addStream(stream(JSON.treeToValue(spec, StreamTerms.class)));
      } else {
        ConsumerTerms consumer = JSON.treeToValue(spec, ConsumerTerms.class);
        management.addOrUpdateConsumer(consumer.streamName(), consumer(consumer));
      }
    }
  }

  /** Streams come before their consumers. */
  private static List<JsonNode> resources(String values) {
    List<JsonNode> all =
        Manifests.of(Chart.render(values)).documents().stream()
            .filter(
                document ->
                    document.path("apiVersion").stringValue().equals("jetstream.nats.io/v1beta2"))
            .toList();
    all.forEach(StrictModel::check);
    return Stream.concat(
            all.stream().filter(one -> one.path("kind").stringValue().equals("Stream")),
            all.stream().filter(one -> one.path("kind").stringValue().equals("Consumer")))
        .toList();
  }

  private static StreamConfiguration stream(StreamTerms terms) {
    Duration window = duration(terms.duplicateWindow());
    StreamConfiguration.Builder stream =
        StreamConfiguration.builder()
            .name(terms.name())
            .subjects(terms.subjects())
            .retentionPolicy(
                terms.retention().equals("workqueue")
                    ? RetentionPolicy.WorkQueue
                    : RetentionPolicy.Limits)
            .storageType(StorageType.get(terms.storage()))
            .replicas(terms.replicas())
            .maxAge(duration(terms.maxAge()))
            .maxBytes(terms.maxBytes() == null ? -1 : terms.maxBytes())
            .discardPolicy("new".equals(terms.discard()) ? DiscardPolicy.New : DiscardPolicy.Old)
            .allowRollup(Boolean.TRUE.equals(terms.allowRollup()))
            .allowDirect(Boolean.TRUE.equals(terms.allowDirect()))
            .denyDelete(Boolean.TRUE.equals(terms.denyDelete()));
    if (terms.maxMsgsPerSubject() != null) {
      stream.maxMessagesPerSubject(terms.maxMsgsPerSubject());
    }
    return (window.isZero() ? stream : stream.duplicateWindow(window)).build();
  }

  private static ConsumerConfiguration consumer(ConsumerTerms terms) {
    return ConsumerConfiguration.builder()
        .durable(terms.durableName())
        .filterSubject(terms.filterSubject())
        .deliverPolicy(DeliverPolicy.get(terms.deliverPolicy()))
        .ackPolicy(AckPolicy.get(terms.ackPolicy()))
        .ackWait(duration(terms.ackWait()))
        .maxDeliver(terms.maxDeliver())
        .maxAckPending(terms.maxAckPending())
        .build();
  }

  private static Duration duration(@Nullable String text) {
    return text == null ? Duration.ZERO : DurationStyle.SIMPLE.parse(text);
  }

  private void bucket(String name, Duration ttl) throws IOException, JetStreamApiException {
    connection
        .keyValueManagement()
        .create(KeyValueConfiguration.builder(name).storageType(StorageType.File).ttl(ttl).build());
  }

  private Map<String, String> configurations() throws IOException, JetStreamApiException {
    Map<String, String> all = new TreeMap<>();
    for (String stream : management.getStreamNames()) {
      all.put(stream, management.getStreamInfo(stream).getConfiguration().toJson());
      for (var consumer : management.getConsumers(stream)) {
        all.put(stream + " consumer", consumer.getConsumerConfiguration().toJson());
      }
    }
    return all;
  }
}
