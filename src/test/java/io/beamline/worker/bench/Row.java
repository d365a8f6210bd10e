package io.beamline.worker.bench;

import static io.beamline.worker.bench.Form.FULL;
import static io.beamline.worker.bench.Form.LONG;
import static io.beamline.worker.bench.Form.SHORT;
import static io.beamline.worker.bench.Form.SIZES;

/** The rows of the table, in its order: what is measured against what, and how it should be. */
enum Row {
  ECHO_OFF(SHORT, "echo, flags off", "floor", "≥ 0.90", "steps/s"),
  ECHO_ON(SHORT, "echo, flags on", "floor", "≥ 0.70", "steps/s"),
  ECHO_FLAGS(SHORT, "echo, flags on", "flags off", "≥ 0.98", "steps/s"),
  PROCESSOR_TIME(SHORT, "processor time of echo, flags off", "floor", "≤ 1.40", "ms/1000 steps"),
  PROCESSOR_FLAGS(
      SHORT, "processor time of echo, flags on", "flags off", "≤ 1.05", "ms/1000 steps"),
  HTTP(SHORT, "http.request, 5 ms, 64 at once", "floor with WebClient", "≥ 0.95", "steps/s"),
  PUT_SMALL(SHORT, "fs.blob_put, 4 KiB", "floor with Files", "≥ 0.70", "steps/s"),
  GET_SMALL(SHORT, "fs.blob_get, 4 KiB", "floor with Files", "≥ 0.75", "steps/s"),
  PUT_LARGE(FULL, "fs.blob_put, 512 KiB", "floor with Files", "≥ 0.75", "steps/s"),
  GET_LARGE(FULL, "fs.blob_get, 512 KiB", "floor with Files", "≥ 0.75", "steps/s"),
  FIRST_BUILD(FULL, "echo, flags off", "build that ended the first issue", "≥ 0.98", "steps/s"),
  LATENCY_MEDIAN(FULL, "added latency at 500/s, p50", "floor", "≤ 1.00", "ms"),
  LATENCY_P99(FULL, "added latency at 500/s, p99", "floor", "≤ 2.00", "ms"),
  LATENCY_FLAGS(FULL, "latency at 500/s, p99, flags on", "flags off", "≤ 1.05", "ms"),
  START(FULL, "start to first result, unpacked with AOT cache", "fat jar", "≤ 0.40", "s"),
  FIRST_SECONDS(
      FULL,
      "echo in the first 10 s, unpacked with AOT cache",
      "the same worker, warm",
      "≥ 0.80",
      "steps/s"),
  PLAIN_ECHO(FULL, "echo, flags off", "plain Spring service", "≥ 1.00", "steps/s"),
  PLAIN_ECHO_TIME(
      FULL, "processor time of echo, flags off", "plain Spring service", "", "ms/1000 steps"),
  PLAIN_HTTP(FULL, "http.request, 5 ms, 64 at once", "plain Spring service", "≥ 1.00", "steps/s"),
  PLAIN_HTTP_TIME(
      FULL, "processor time of http.request", "plain Spring service", "≤ 1.00", "ms/1000 steps"),
  PLAIN_MEMORY(
      FULL, "resident memory after these steps, -Xmx512m", "plain Spring service", "≤ 1.30", "MB"),
  PLAIN_START(
      FULL, "start to first result, fat jar", "fat jar of the plain Spring service", "≤ 1.50", "s"),
  SERVER_MEMORY(
      FULL,
      "memory of the NATS server per step that it remembers",
      "beside: plain Spring service",
      "",
      "KB/step"),
  SCALING(FULL, "two workers, sleep", "one worker", "≥ 1.90", "steps/s"),
  HOLD(FULL, "echo, policy hold", "reject_new", "≥ 0.97", "steps/s"),
  TRACED(FULL, "echo, one in ten traced", "not traced", "≥ 0.90", "steps/s"),
  HEALTHY(
      FULL,
      "healthy steps while 30 % wait for retries, flags on",
      "without those that wait",
      "≥ 0.95",
      "steps/s"),
  IDLE(FULL, "idle", "", "≤ 0.50", "% of one processor"),
  DECODE_TIME(FULL, "per message: decode and validate", "", "", "ns"),
  DECODE_BYTES(FULL, "per message: decode and validate", "", "", "bytes"),
  ENCODE_TIME(FULL, "per message: encode a result", "", "", "ns"),
  ENCODE_BYTES(FULL, "per message: encode a result", "", "", "bytes"),
  FLAGS_TIME(FULL, "per message: flag snapshot", "", "", "ns"),
  FLAGS_BYTES(FULL, "per message: flag snapshot", "", "", "bytes"),
  SUBMIT_TIME(FULL, "per message: submit to the queue", "", "", "ns"),
  SUBMIT_BYTES(FULL, "per message: submit to the queue", "", "", "bytes"),
  RETRY_TIME(FULL, "per failure: classification and backoff", "", "", "ns"),
  RETRY_BYTES(FULL, "per failure: classification and backoff", "", "", "bytes"),
  LOAD_SUCCEEDED(LONG, "200 HTTP steps/s of 1 KB for 60 s, succeeded", "", "≥ 1.00", "of all"),
  LOAD_P95(LONG, "200 HTTP steps/s of 1 KB for 60 s, p95", "", "≤ 1.00", "s"),
  HIGH_LOAD_SUCCEEDED(LONG, "500 HTTP steps/s of 1 KB for 60 s, succeeded", "", "≥ 0.95", "of all"),
  HIGH_LOAD_P95(LONG, "500 HTTP steps/s of 1 KB for 60 s, p95", "", "≤ 2.00", "s"),
  BURST_ACKED(LONG, "burst of 1000/s for 10 s, queue of 100, with an ack", "", "≥ 1.00", "of all"),
  BURST_SUCCEEDED(LONG, "the burst, succeeded", "", "≥ 0.90", "of the accepted"),
  BURST_OTHERS(LONG, "steps of the other pool meanwhile, succeeded", "", "≥ 1.00", "of all"),
  BURST_OTHERS_P95(LONG, "steps of the other pool meanwhile, p95", "", "≤ 1.00", "s"),
  GROWTH(
      LONG,
      "resident memory after 10 min of 10 × capacity, flags on, -Xmx256m",
      "its own first minute",
      "≤ 1.05",
      "MB"),
  GROWTH_LATER(LONG, "the same", "its own fifth minute", "≤ 1.02", "MB"),
  FLEET_TWO(SIZES, "sleep, 2 workers", "1 worker", "≥ 1.90", "steps/s"),
  FLEET_FOUR(SIZES, "sleep, 4 workers", "1 worker", "≥ 3.60", "steps/s"),
  BACKLOG_SMALL(SIZES, "echo, 100 stored", "10 000 stored", "", "steps/s"),
  BACKLOG_HUGE(
      SIZES, "echo, 1 000 000 stored, the first 10 000", "10 000 stored", "≥ 0.80", "steps/s"),
  TENANTS_HUNDRED(SIZES, "echo, 100 tenants", "1 tenant", "≥ 0.90", "steps/s"),
  TENANTS_MANY(SIZES, "echo, 10 000 tenants", "1 tenant", "≥ 0.90", "steps/s"),
  TENANT_LINES(
      SIZES, "lines of metrics, 10 000 tenants, 100 with a label", "1 tenant", "", "lines"),
  DESTINATIONS_HUNDRED(
      SIZES, "http.request, breakers on, 100 destinations", "1 destination", "≥ 0.90", "steps/s"),
  DESTINATIONS_MANY(
      SIZES,
      "http.request, breakers on, 10 000 destinations",
      "1 destination",
      "≥ 0.80",
      "steps/s"),
  WAITING_HUNDRED(SIZES, "echo while 100 wait for retries", "none waits", "≥ 0.90", "steps/s"),
  WAITING_MANY(SIZES, "echo while 10 000 wait for retries", "none waits", "≥ 0.90", "steps/s");

  private final Form form;
  private final String figure;
  private final String against;
  private final String target;
  private final String unit;

  Row(Form form, String figure, String against, String target, String unit) {
    this.form = form;
    this.figure = figure;
    this.against = against;
    this.target = target;
    this.unit = unit;
  }

  /** The least form that has it. */
  Form form() {
    return form;
  }

  /** What is measured. */
  String figure() {
    return figure;
  }

  /** What it is compared with; empty for nothing. */
  String against() {
    return against;
  }

  /** How it should be; {@link Target#NONE} for what is only told. */
  Target target() {
    return Target.of(target);
  }

  /**
   * Whether what misses its target fails, and not only what collapses. Growth is a heap that fills,
   * which takes some minutes more on one machine than on another.
   */
  boolean isFloor() {
    return form == LONG && this != GROWTH && this != GROWTH_LATER;
  }

  /** Of the numbers that are compared. */
  String unit() {
    return unit;
  }
}
