package io.beamline.worker.config;

import static io.beamline.worker.config.Variables.faultOf;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

  private static final String LONG_NAME = "a".repeat(128);

  /** A good value, both ends of the range, and what is just beyond them; all by environment. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "worker.nats.ack-wait          | 30s    | 1s    | 1h      | 999ms | 3600001ms",
        "worker.nats.duplicate-window  | 5m     | 0s    | 24h     | -1ms  | 86400001ms",
        "worker.nats.max-deliver       | 20     | 1     | 1000    | 0     | 1001",
        "worker.nats.max-ack-pending   | 20000  | 1     | 1000000 | 0     | 1000001",
        "worker.nats.max-unpublished   | 64MB   | 1MB   | 1GB     | 1048575B | 1073741825B",
        "worker.pools.io.concurrency   | 32     | 1     | 1024    | 0     | 1025",
        "worker.pools.io.max-queue-size | 1000  | 1     | 1000000 | 0     | 1000001",
        "worker.pools.cpu.concurrency  | 4      | 0     | 1024    | -1    | 1025",
        "worker.pools.cpu.max-queue-size | 1000 | 1     | 1000000 | 0     | 1000001",
        "worker.queue.thresholds.degraded | 0.5 | 0.0   | 0.8     | -0.01 | 1.01",
        "worker.queue.thresholds.overloaded | 0.9 | 0.5 | 1.0     | -0.01 | 1.01",
        "worker.retry.max-attempts     | 4      | 1     | 20      | 0     | 21",
        "worker.retry.base-delay       | 100ms  | 1ms   | 1m      | 0ms   | 60001ms",
        "worker.retry.max-delay        | 30s    | 1ms   | 1h      | 0ms   | 3600001ms",
        "worker.retry.multiplier       | 2.0    | 1.0   | 10.0    | 0.99  | 10.01",
        "worker.retry.max-waiting      | 10000  | 1     | 1000000 | 0     | 1000001",
        "worker.timeouts.total         | 30s    | 1ms   | 1h      | 0ms   | 3600001ms",
        "worker.timeouts.http.connect  | 5s     | 1ms   | 10m     | 0ms   | 600001ms",
        "worker.timeouts.http.response | 30s    | 1ms   | 1h      | 0ms   | 3600001ms",
        "worker.timeouts.fs.read       | 5s     | 1ms   | 1h      | 0ms   | 3600001ms",
        "worker.timeouts.fs.write      | 10s    | 1ms   | 1h      | 0ms   | 3600001ms",
        "worker.timeouts.fs.delete     | 5s     | 1ms   | 1h      | 0ms   | 3600001ms",
        "worker.timeouts.sql.query     | 30s    | 1ms   | 1h      | 0ms   | 3600001ms",
        "worker.timeouts.nats.request  | 30s    | 1ms   | 1h      | 0ms   | 3600001ms",
        "worker.blocks.fs.threads      | 32     | 1     | 1024    | 0     | 1025",
        "worker.blocks.fs.max-size     | 64MB   | 1B    | 1GB     | 0B    | 1073741825B",
        "worker.blocks.http.max-response-size | 10MB | 1B | 1GB   | 0B    | 1073741825B",
        "worker.heartbeat.interval     | 5s     | 100ms | 1h      | 99ms  | 3600001ms",
        "server.port                   | 9091   | 0     | 65535   | -1    | 65536",
        "management.server.port        | 9092   | 0     | 65535   | -5    | 70000",
        "worker.shutdown.grace         | 25s    | 0s    | 1h      | -1ms  | 3600001ms",
      })
  void keepsToItsRange(
      String name, String good, String lowest, String highest, String below, String above) {
    assertThat(faultOf(name, good)).isNull();
    assertThat(faultOf(name, lowest)).isNull();
    assertThat(faultOf(name, highest)).isNull();
    for (String beyond : new String[] {below, above}) {
      assertThat(faultOf(name, beyond))
          .startsWith(name + " is '" + beyond + "', but must be a")
          .contains(" from ", " to ")
          .doesNotContain("\n");
    }
    assertThat(faultOf(name, "abc"))
        .startsWith(name + " is 'abc', but must be a")
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "worker.nats.delivery | jetstream | CORE | jetstrem | one of jetstream, core.",
        "worker.nats.jetstream-domain | hub | A_1-b | a.b | at most 64 letters, digits, - and _.",
        "worker.nats.provision | true | false | maybe | true or false.",
        "worker.nats.durable | caf-workers | A_1 | a.b | 1 to 128 letters, digits, - and _.",
        "worker.nats.queue-group | caf-workers | a.b | a b | 1 to 128 letters, digits, dots, - and"
            + " _.",
        "worker.nats.subjects.assign | a | a.b-c_d.E1 | a..b | 1 to 32 words of letters, digits, -"
            + " and _ with dots between them.",
        "worker.nats.subjects.ack | a | a.b | a.* | 1 to 32 words of letters, digits, - and _ with"
            + " dots between them.",
        "worker.nats.subjects.result | a | a.b | > | 1 to 32 words of letters, digits, - and _ with"
            + " dots between them.",
        "worker.nats.subjects.heartbeat | a | a.b | a. | 1 to 32 words of letters, digits, - and _"
            + " with dots between them.",
        "worker.nats.subjects.dlq | a | a.b | .a | 1 to 32 words of letters, digits, - and _ with"
            + " dots between them.",
        "worker.nats.subjects.cancel | a | a.b | a b | 1 to 32 words of letters, digits, - and _"
            + " with dots between them.",
        "worker.queue.rejection-policy | reject_new | DROP-OLDEST | newest | one of reject_new,"
            + " drop_oldest, hold.",
        "worker.queue.result-on-rejection | true | false | 7 | true or false.",
        "worker.retry.jitter | none | equal | some | one of none, full, equal.",
        "worker.features.store | nats-kv | MEMORY | redis | one of memory, nats-kv.",
        "worker.features.bucket | beamline-worker-features | A_1 | a.b | 1 to 128 letters, digits,"
            + " - and _.",
        "worker.features.gradual-by | assignment_id | tenant-id | worker_id | one of assignment_id,"
            + " tenant_id.",
        "worker.dlq.failed-steps | true | false | x | true or false.",
        "worker.id | w | w-1.example:9 | a b | at most 128 printable ASCII characters without"
            + " spaces.",
        "worker.admin.username | admin | a-b@c | a:b | 1 to 128 printable ASCII characters without"
            + " spaces and colons.",
        "server.forward-headers-strategy | none | NATIVE | yes | one of native, framework, none.",
        "worker.blocks.http.allowed-hosts | a.example | a,b | - | -",
        "worker.blocks.http.denied-hosts | a.example | '10.0.0.0/8,b:80' | - | -",
        "worker.nats.ssl-bundle | nats | a-b | - | -",
        "worker.blocks.http.ssl-bundle | partners | a-b | - | -",
        "worker.blocks.http.java-authorities | true | false | x | true or false.",
        "worker.blocks.http.proxy.url | http://p:1 | http://[::1]:3128 | - | -",
        "worker.blocks.http.proxy.username | worker | a b | - | -",
        "worker.blocks.http.proxy.password | any | a b | - | -",
        "worker.blocks.http.proxy.no-proxy | a.example | '10.0.0.0/8,b:80' | - | -",
        "worker.blocks.http.proxy.target | address | NAME | host | one of address, name.",
        "worker.blocks.nats.allowed-subjects | a.b | 'a.>,b.*' | - | -",
        "worker.log.format | auto | TEXT | xml | one of auto, json, text.",
        "worker.plugins.directory | /app/plugins | ./plugins | - | -",
        "worker.metrics.tenant-allowlist | acme | acme,globex | - | -",
      })
  void takesOnlyWhatItKnows(String name, String good, String alsoGood, String bad, String rule) {
    assertThat(faultOf(name, good)).isNull();
    assertThat(faultOf(name, alsoGood)).isNull();
    if (!bad.equals("-")) {
      assertThat(faultOf(name, bad))
          .isEqualTo(name + " is '" + bad + "', but must be " + rule)
          .doesNotContain("\n");
    }
  }

  @Test
  void boundsNames() {
    assertThat(faultOf("worker.nats.durable", LONG_NAME)).isNull();
    assertThat(faultOf("worker.nats.durable", LONG_NAME + "a")).contains("1 to 128");
    assertThat(faultOf("worker.nats.jetstream-domain", "d".repeat(64))).isNull();
    assertThat(faultOf("worker.nats.jetstream-domain", "d".repeat(65))).contains("at most 64");
    assertThat(faultOf("worker.id", LONG_NAME)).isNull();
    assertThat(faultOf("worker.id", LONG_NAME + "a")).contains("at most 128");
  }
}
