package io.beamline.worker.parity;

import io.beamline.worker.support.WorkerProcess;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** What a worker leaves beside its messages: metrics and log messages. */
final class WorkerFootprint {

  private final WorkerProcess worker;
  private final int linesBefore;

  /** Of a worker that has started. */
  WorkerFootprint(WorkerProcess worker) {
    this.worker = worker;
    this.linesBefore = worker.stdout().size();
  }

  /**
   * The worker's own meters: the type of each, each series with its labels, and the values of the
   * counters. The buckets of a histogram count as one series.
   */
  ArrayNode metrics() {
    return texts(
        worker
            .metrics()
            .lines()
            .filter(line -> line.startsWith("worker_") || line.startsWith("# TYPE worker_"))
            .map(WorkerFootprint::withoutMeasure));
  }

  /** The messages of the worker's own log lines, with their levels. */
  ArrayNode logMessages() {
    return texts(
        Stream.concat(worker.stdout().stream().skip(linesBefore), worker.stderr().stream())
            .map(Placeholders.MAPPER::readTree)
            .filter(WorkerFootprint::isOwn)
            .map(line -> line.path("level").asString() + " " + line.path("message").asString()));
  }

  private static boolean isOwn(JsonNode line) {
    return line.path("context").path("logger").asString().startsWith("io.beamline.");
  }

  private static String withoutMeasure(String line) {
    return line.matches("#.*|[a-z_]+_total[{ ].*")
        ? line
        : line.replaceFirst(" [^ ]+$", "").replaceFirst(",?le=\"[^\"]*\"", "");
  }

  private static ArrayNode texts(Stream<String> texts) {
    ArrayNode array = Placeholders.MAPPER.createArrayNode();
    texts.sorted().distinct().forEach(array::add);
    return array;
  }
}
