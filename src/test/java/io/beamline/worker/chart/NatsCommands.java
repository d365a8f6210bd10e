package io.beamline.worker.chart;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.KeyValueOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.convert.DurationStyle;

/**
 * Does what the {@code nats} command would, for the commands and options that NOTES.txt uses; any
 * other is an error. For one thread.
 */
public final class NatsCommands {

  private final Map<String, String> options = new HashMap<>();
  private final List<String> words = new ArrayList<>();

  private NatsCommands(String line) {
    for (String word : line.strip().split(" +", -1)) {
      if (word.startsWith("--")) {
        String[] option = word.substring(2).split("=", 2);
        options.put(option[0], option.length == 2 ? option[1] : "");
      } else {
        words.add(word);
      }
    }
  }

  /** The lines of a text that are commands. */
  static List<String> in(String text) {
    return text.lines().filter(line -> line.startsWith("nats ")).toList();
  }

  /** Runs every command of a text, in order. */
  public static void run(String text, Connection connection) {
    for (String line : in(text)) {
      try {
        new NatsCommands(line).run(connection);
      } catch (IOException | JetStreamApiException e) {
        throw new IllegalStateException(line, e);
      }
    }
  }

  private void run(Connection connection) throws IOException, JetStreamApiException {
    String domain = options.remove("js-domain");
    JetStreamOptions jetStream = JetStreamOptions.builder().domain(domain).build();
    JetStreamManagement management = connection.jetStreamManagement(jetStream);
    switch (words.get(1) + " " + words.get(2)) {
      case "stream add" -> management.addStream(stream());
      case "consumer add" -> management.addOrUpdateConsumer(words.get(3), consumer());
      case "kv add" -> connection.keyValueManagement(buckets(jetStream)).create(bucket());
      default -> throw new IllegalArgumentException(String.valueOf(words));
    }
    if (!options.isEmpty()) {
      throw new IllegalArgumentException("unknown options " + options.keySet());
    }
  }

  private static KeyValueOptions buckets(JetStreamOptions jetStream) {
    return KeyValueOptions.builder().jetStreamOptions(jetStream).build();
  }

  private StreamConfiguration stream() {
    defaults();
    StreamConfiguration.Builder stream =
        StreamConfiguration.builder()
            .name(words.get(3))
            .subjects(take("subjects"))
            .retentionPolicy(
                take("retention").equals("work")
                    ? RetentionPolicy.WorkQueue
                    : RetentionPolicy.Limits)
            .storageType(storage())
            .replicas(Integer.parseInt(take("replicas")));
    if (options.containsKey("max-age")) {
      stream.maxAge(duration("max-age"));
    }
    if (options.containsKey("max-bytes")) {
      stream.maxBytes(Long.parseLong(take("max-bytes")));
    }
    if (options.containsKey("dupe-window")) {
      stream.duplicateWindow(duration("dupe-window"));
    }
    return stream.build();
  }

  private ConsumerConfiguration consumer() {
    defaults();
    take("pull");
    return ConsumerConfiguration.builder()
        .durable(words.get(4))
        .filterSubject(take("filter"))
        .deliverPolicy(DeliverPolicy.get(take("deliver")))
        .ackPolicy(AckPolicy.get(take("ack")))
        .ackWait(duration("wait"))
        .maxDeliver(Long.parseLong(take("max-deliver")))
        .maxAckPending(Long.parseLong(take("max-pending")))
        .build();
  }

  private KeyValueConfiguration bucket() {
    KeyValueConfiguration.Builder bucket =
        KeyValueConfiguration.builder(words.get(3))
            .maxHistoryPerKey(Integer.parseInt(take("history")))
            .storageType(storage())
            .replicas(Integer.parseInt(take("replicas")));
    return (options.containsKey("ttl") ? bucket.ttl(duration("ttl")) : bucket).build();
  }

  /** Without it the command asks a person for each option that is not given. */
  private void defaults() {
    take("defaults");
  }

  private StorageType storage() {
    String storage = take("storage");
    if (!storage.equals("file")) {
      throw new IllegalArgumentException("storage " + storage);
    }
    return StorageType.File;
  }

  private Duration duration(String option) {
    return DurationStyle.SIMPLE.parse(take(option));
  }

  private String take(String option) {
    String value = options.remove(option);
    if (value == null) {
      throw new IllegalArgumentException("no --" + option + " in " + words);
    }
    return value;
  }
}
