package io.beamline.worker.chart;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that cannot be meant are refused, with a message that names them. */
class ChartRefusalTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "replicaCount: many | '/replicaCount': got string, want integer",
        "replicas: 3 | additional properties 'replicas' not allowed",
        "flags: {CP2_EVERYTHING: true} | additional properties 'CP2_EVERYTHING' not allowed",
        "flags: {CP2_ADVANCED_RETRY_ENABLED: 'yes'} | 'yes' does not match pattern",
        "flags: {CP2_ADVANCED_RETRY_ENABLED: 101%} | '101%' does not match pattern",
        "flags: {CP2_ADVANCED_RETRY_ENABLED: 10} | got number, want boolean or string",
        "flags: {CP2_QUEUE_MANAGEMENT_ENABLED: tenants=acme} | 'tenants=acme' does not match pattern",
        "image: {tag: 1.10} | '/image/tag': got number, want string",
        "image: {tag: 'a b'} | '/image/tag': 'a b' does not match",
        "image: {tag: '-a'} | '/image/tag': '-a' does not match",
        "updateStrategy: {type: OnDelete} | '/updateStrategy/type': value must be one of",
        "updateStrategy: {rollingUpdate: {maxSurge: some}} | '/updateStrategy/rollingUpdate/maxSurge'",
        "envFrom: [{secretRef: {}}] | missing property 'name'",
        "envFrom: [{secret: {name: a}}] | additional properties 'secret' not allowed",
        "extraObjects: [7] | '/extraObjects/0': got number",
        "nats: {tls: {ca: 'a/b'}} | '/nats/tls/ca': 'a/b' does not match",
        "nats: {auth: {keys: {seed: a}}} | additional properties 'seed' not allowed",
        "prometheusRule: {alerts: {WorkerGone: {for: 1m}}} | additional properties 'WorkerGone'",
        "prometheusRule: {alerts: {WorkerNatsAway: {threshold: 1}}} | 'threshold' not allowed",
        "prometheusRule: {alerts: {WorkerNatsAway: {for: soon}}} | 'soon' does not match",
        "worker: {retry: {maxAttempts: 21}} | '/worker/retry/maxAttempts': maximum: got 21, want"
            + " 20",
        "worker: {retry: {jitter: some} } | '/worker/retry/jitter': value must be one of",
        "worker: {destinations: {overrides: {a: {maxRate: 1}}}} | missing property 'match'",
        "worker: {blocks: {sql: {datasources: {a: {username: u}}}}} | missing property 'url'",
        "worker: {blocks: {sql: {datasources: {a: {url: 'http://h'}}}}} | does not match pattern",
        "worker: {blocks: {sql: {datasources: {my-db: {url: 'jdbc:h2:mem:x'}}}}} | invalid"
            + " propertyName 'my-db'",
        "worker: {blocks: {sql: {datasources: {a: {url: 'jdbc:h2:mem:x', password: p}}}}}"
            + " | additional properties 'password' not allowed",
        "worker: {destinations: {breaker: {openFor: 10}}} | got number, want string",
        "worker: {retry: {max-attempts: 2}} | additional properties 'max-attempts' not allowed",
        "worker: {retry: {retryableCodes: [INVALID_INPUT]}} | value must be one of",
        "worker: {timeouts: {total: 30}} | '/worker/timeouts/total': got number, want string",
        "worker: {timeouts: {total: 30 s}} | '/worker/timeouts/total': '30 s' does not match",
        "worker: {nats: {maxUnpublished: 64Mi}} | '/worker/nats/maxUnpublished': '64Mi' does not",
        "worker: {nats: {subjects: {ack: 'caf.>'}}} | '/worker/nats/subjects/ack': 'caf.>' does"
            + " not",
        "worker: {queue: {thresholds: {degraded: 2}}} | '/worker/queue/thresholds/degraded':"
            + " maximum",
        "worker: {features: {store: redis}} | '/worker/features/store': value must be one of",
        "worker: {blocks: {fs: {roots: []}}} | '/worker/blocks/fs/roots': minItems: got 0, want 1",
        "worker: {blocks: {nats: {allowedSubjects: ['a.>.b']}}} |"
            + " '/worker/blocks/nats/allowedSubjects/0': 'a.>.b' does not match",
        "worker: {blocks: {http: {proxy: {url: 'https://p:1'}}}} | '/worker/blocks/http/proxy/url': ",
        "worker: {blocks: {http: {proxy: {passwordSecret: {name: s}}}}} | 'key'",
        "worker: {blocks: {http: {sslBundle: 'a b'}}} | '/worker/blocks/http/sslBundle': 'a b' does",
        "worker: {admin: {username: 'a:b'}} | '/worker/admin/username': 'a:b' does not match",
        "nats: {server: 'nats://user:word@nats:4222'} | '/nats/server': ",
        "tracing: {endpoint: 'collector:4318'} | '/tracing/endpoint': 'collector:4318' does not match",
        "tracing: {sampling: 10} | '/tracing/sampling': maximum: got 10, want 1",
        "server: {port: 70000} | '/server/port': maximum: got 70,000, want 65,535",
        "image: {digest: latest} | '/image/digest': 'latest' does not match pattern",
        "logging: {level: {root: loud}} | '/logging/level/root': value must be one of",
        "persistence: {size: plenty} | '/persistence/size': 'plenty' does not match",
        "worker: {plugins: {directory: plugins}} | '/worker/plugins/directory': 'plugins' does not",
        "plugins: {imageFolder: '/a b'} | '/plugins/imageFolder': '/a b' does not match",
        "podDisruptionBudget: {maxUnavailable: 0} | '/podDisruptionBudget/maxUnavailable': minimum",
        "autoscaling: {enabled: 'true'} | '/autoscaling/enabled': got string, want boolean",
        "keda: {minReplicas: 0} | '/keda/minReplicas': minimum: got 0, want 1",
        "nameOverride: My_Worker | '/nameOverride': 'My_Worker' does not match pattern",
        "fullnameOverride: worker. | '/fullnameOverride': 'worker.' does not match pattern",
        "fullnameOverride: 1worker | '/fullnameOverride': '1worker' does not match pattern",
        "commonLabels: {helm.sh/chart: mine} | invalid propertyName 'helm.sh/chart'",
        "podLabels: {app.kubernetes.io/name: a} | invalid propertyName 'app.kubernetes.io/name'",
        "serviceMonitor: {labels: {app.kubernetes.io/part-of: a}} | invalid propertyName",
        "prometheusRule: {runbookBaseUrl: here} | '/prometheusRule/runbookBaseUrl': 'here' does"
            + " not",
      })
  void refusesBySchema(String values, String message) {
    assertRefused(values, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{autoscaling: {enabled: true}, keda: {enabled: true, monitoringEndpoint: 'n:8222'}}"
            + "| autoscaling.enabled and keda.enabled are both true",
        "plugins: {image: a, volume: {emptyDir: {}}}| plugins.image and plugins.volume are both set",
        "{plugins: {image: a}, worker: {plugins: {directory: ''}}}"
            + "| worker.plugins.directory is empty",
        "autoscaling: {enabled: true, minReplicas: 5, maxReplicas: 4}"
            + "| autoscaling.maxReplicas is 4, below autoscaling.minReplicas, which is 5",
        "autoscaling: {enabled: true, targetCPUUtilizationPercentage: null}"
            + "| targetCPUUtilizationPercentage is not set",
        "keda: {enabled: true} | keda.monitoringEndpoint is empty",
        "worker: {nats: {delivery: core}, queue: {rejectionPolicy: hold}}"
            + "| worker.queue.rejectionPolicy is hold, but worker.nats.delivery is core",
        "{nack: {enabled: true}, worker: {nats: {delivery: core}}}"
            + "| nack.enabled is true, but worker.nats.delivery is core",
        "{keda: {enabled: true, monitoringEndpoint: 'n:8222'}, worker: {nats: {delivery: core}}}"
            + "| which has no consumer whose lag could be read",
        "terminationGracePeriodSeconds: 44| worker.shutdown.grace is 25s: the worker would be"
            + " killed before it has handed back what it holds. Set at least 45, or null",
        "{commonLabels: {team: a}, podLabels: {team: b}}"
            + "| commonLabels and podLabels both hold team",
        "server: {port: 9092} | server.port and management.server.port are both 9092",
        "worker: {nats: {subjects: {ack: caf.exec.assign.v1}}}"
            + "| worker.nats.subjects holds a subject twice",
        "worker: {queue: {thresholds: {degraded: 0.9}}} | overloaded is below",
        "worker: {destinations: {breaker: {window: 4}}} | breaker.minimum is above",
        "worker: {admin: {password: a, existingSecret: b}} | one of them is enough",
        "worker: {blocks: {http: {proxy: {password: p, passwordSecret: {name: s, key: k}}}}}"
            + "| worker.blocks.http.proxy.passwordSecret are both set",
        "nats: {tls: {secretName: s, trustStore: {enabled: true, content: QUJD, password: p}}}"
            + "| certificates come from one of them",
        "nats: {tls: {secretName: s, key: ''}} | nats.tls.cert and nats.tls.key belong together",
        "nats: {tls: {secretName: s, ca: '', cert: '', key: ''}} | neither its ca nor its cert",
        "{nats: {tls: {secretName: s}}, worker: {nats: {sslBundle: b}}}"
            + "| nats.tls.secretName and worker.nats.sslBundle are both set",
        "httpSteps: {tls: {secretName: s, cert: ''}} | httpSteps.tls.cert and httpSteps.tls.key",
        "image: {tag: '1@sha256:%s', digest: 'sha256:%s'} | image.tag has a digest too",
        "nats: {auth: {method: token}} | set nats.auth.token, or name a Secret",
        "nats: {auth: {method: user, username: u}} | set nats.auth.password, or name a Secret",
        "nats: {tls: {trustStore: {enabled: true}}} | nats.tls.trustStore.enabled is true",
      })
  void refusesWhatContradictsItself(String values, String message) {
    assertRefused(values, message);
  }

  private static void assertRefused(String values, String message) {
    assertThatThrownBy(() -> Chart.render(values.replace("%s", "0".repeat(64))))
        .hasMessageContaining(message);
  }
}
