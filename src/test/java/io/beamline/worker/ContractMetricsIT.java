package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.ContractDocument;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.WorkerProcess;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Contract section 10 lists every meter of a worker with all flags on, with its labels. */
class ContractMetricsIT {

  private static final Pattern SAMPLE = Pattern.compile("(?m)^(worker_[a-z_]+?)(?:\\{([^}]*)})? ");
  private static final Pattern OF_HISTOGRAM = Pattern.compile("_(?:bucket|count|sum|max)$");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");

  @Test
  void listsEveryMeterWithItsLabels() {
    try (NatsServer nats = NatsServer.start();
        WorkerProcess worker =
            WorkerProcess.of(nats.url())
                .env("CP2_ADVANCED_RETRY_ENABLED", "true")
                .env("CP2_COMPLETE_TIMEOUT_ENABLED", "true")
                .env("CP2_QUEUE_MANAGEMENT_ENABLED", "true")
                .env("CP2_CIRCUIT_BREAKER_ENABLED", "true")
                .env("WORKER_DESTINATIONS_OVERRIDES_LOCAL_MATCH", "127.0.0.0/8")
                .env("WORKER_BLOCKS_SQL_DATASOURCES_MEM_URL", "jdbc:h2:mem:metrics")
                .env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
                .start()) {
      assertThat(listed()).isEqualTo(meters(worker.metrics()));
    }
  }

  private static Map<String, Set<String>> listed() {
    Map<String, Set<String>> meters = new TreeMap<>();
    for (List<String> row : ContractDocument.read().table("metric", "labels")) {
      meters.put(
          ContractDocument.code(row.get(0)).getFirst(),
          new TreeSet<>(ContractDocument.code(row.get(1))));
    }
    return meters;
  }

  private static Map<String, Set<String>> meters(String scrape) {
    Map<String, Set<String>> meters = new TreeMap<>();
    for (MatchResult sample : (Iterable<MatchResult>) SAMPLE.matcher(scrape).results()::iterator) {
      String name = OF_HISTOGRAM.matcher(sample.group(1)).replaceFirst("");
      Set<String> labels = meters.computeIfAbsent(name, any -> new TreeSet<>());
      String text = sample.group(2) == null ? "" : sample.group(2);
      LABEL.matcher(text).results().map(label -> label.group(1)).forEach(labels::add);
      labels.remove("le");
    }
    return meters;
  }
}
