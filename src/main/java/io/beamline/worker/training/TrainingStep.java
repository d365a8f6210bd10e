package io.beamline.worker.training;

import io.beamline.worker.contract.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A step that the worker is trained with. All steps succeed, some of them at the second attempt.
 * Immutable.
 *
 * @param type the type of the step
 * @param inputs writes its inputs
 */
record TrainingStep(String type, Consumer<JsonWriter> inputs) {

  /** The files that are written and read, by turns. */
  private static final int FILES = 50;

  /** One step in so many is retried: a breaker must not open, and retries have a budget. */
  private static final int RETRIED = 200;

  private static final String CONTENT = "0123456789abcde\n".repeat(64);

  /** Returns steps that write each file once, so that it can be read afterwards. */
  static List<TrainingStep> first() {
    List<TrainingStep> steps = new ArrayList<>();
    for (int number = 0; number < FILES; number++) {
      steps.add(put(number));
    }
    return steps;
  }

  /**
   * Returns a mixture of steps, mostly small ones.
   *
   * @param site where HTTP steps go, without a slash at its end
   */
  static List<TrainingStep> mixture(int count, String site) {
    List<TrainingStep> steps = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      steps.add(
          switch (number % 20) {
            case 3, 9, 15 ->
                get(
                    number % RETRIED == 15
                        ? site + TrainingSite.FLAKY + number
                        : site + TrainingSite.WELL);
            case 6, 18 -> put(number / 20);
            case 12 -> read(number / 20);
            default -> echo(number);
          });
    }
    return steps;
  }

  private static TrainingStep echo(int number) {
    return new TrainingStep(
        "echo", json -> json.text("hello", "world").number("number", (long) number));
  }

  private static TrainingStep get(String url) {
    return new TrainingStep("http.request", json -> json.text("url", url).text("method", "GET"));
  }

  private static TrainingStep put(int file) {
    return new TrainingStep(
        "fs.blob_put",
        json -> json.text("path", path(file)).text("content", CONTENT).flag("overwrite", true));
  }

  private static TrainingStep read(int file) {
    return new TrainingStep("fs.blob_get", json -> json.text("path", path(file)));
  }

  private static String path(int file) {
    return "training-" + file % FILES;
  }

  /** Returns the assignment of the step, as a Router publishes it (contract section 2). */
  byte[] assignment(String id) {
    return JsonWriter.object(
        json ->
            json.text("version", "1")
                .text("assignment_id", id)
                .text("request_id", "request-" + id)
                .text("tenant_id", "training")
                .object("executor", part -> part.text("provider_id", "training"))
                .object("job", part -> part.text("type", type).object("payload", inputs))
                .object(
                    "options",
                    part ->
                        part.number("priority", 50L)
                            .number("deadline_ms", 60_000L)
                            .object(
                                "retry",
                                retry ->
                                    retry.number("max_attempts", 6L).number("backoff_ms", 10L)))
                .object("correlation", part -> part.text("trace_id", id).text("run_id", id)));
  }
}
