package io.beamline.worker.chart;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of KEDA's, the Prometheus Operator's, NACK's and cert-manager's objects that the chart
 * may use, as they are documented.
 */
final class CustomResources {

  /** The kinds that are not Kubernetes' own. */
  static final Map<String, Class<? extends Record>> KINDS =
      Map.of(
          "ScaledObject", ScaledObject.class,
          "ServiceMonitor", ServiceMonitor.class,
          "Stream", JetStream.class,
          "Consumer", JetStreamConsumer.class,
          "Certificate", CertManagerCertificate.class,
          "PrometheusRule", PrometheusRule.class);

  private CustomResources() {}

  /** What all have. */
  record Metadata(String name, Map<String, String> labels) {}

  /** keda.sh/v1alpha1. */
  record ScaledObject(String apiVersion, String kind, Metadata metadata, Scaling spec) {

    record Scaling(
        Target scaleTargetRef,
        int minReplicaCount,
        int maxReplicaCount,
        int pollingInterval,
        Advanced advanced,
        List<Trigger> triggers) {}

    record Target(String apiVersion, String kind, String name) {}

    record Advanced(Autoscaler horizontalPodAutoscalerConfig) {}

    record Autoscaler(Behavior behavior) {}

    record Behavior(Rules scaleDown) {}

    record Rules(int stabilizationWindowSeconds) {}

    record Trigger(String type, Lag metadata) {}

    /** Of the trigger nats-jetstream, all texts. */
    record Lag(
        String natsServerMonitoringEndpoint,
        String useHttps,
        String account,
        String stream,
        String consumer,
        String lagThreshold) {}
  }

  /** jetstream.nats.io/v1beta2. */
  record JetStream(String apiVersion, String kind, Metadata metadata, StreamTerms spec) {}

  /** Times as Go writes them. */
  record StreamTerms(
      @Nullable String account,
      String name,
      List<String> subjects,
      String retention,
      String storage,
      int replicas,
      @Nullable String maxAge,
      @Nullable Long maxBytes,
      @Nullable Long maxMsgsPerSubject,
      @Nullable String discard,
      @Nullable String duplicateWindow,
      @Nullable Boolean allowRollup,
      @Nullable Boolean allowDirect,
      @Nullable Boolean denyDelete,
      boolean preventDelete) {}

  /** jetstream.nats.io/v1beta2. */
  record JetStreamConsumer(String apiVersion, String kind, Metadata metadata, ConsumerTerms spec) {}

  /** Times as Go writes them. */
  record ConsumerTerms(
      @Nullable String account,
      String streamName,
      String durableName,
      String filterSubject,
      String deliverPolicy,
      String ackPolicy,
      String ackWait,
      long maxDeliver,
      long maxAckPending,
      boolean preventDelete) {}

  /** cert-manager.io/v1. */
  record CertManagerCertificate(
      String apiVersion, String kind, Metadata metadata, CertificateTerms spec) {}

  /** Times as Go writes them. */
  record CertificateTerms(
      String secretName,
      @Nullable String commonName,
      @Nullable String duration,
      @Nullable String renewBefore,
      @Nullable List<String> dnsNames,
      @Nullable List<String> usages,
      @Nullable KeyTerms privateKey,
      Issuer issuerRef) {

    record KeyTerms(
        @Nullable String algorithm,
        @Nullable String encoding,
        @Nullable Integer size,
        @Nullable String rotationPolicy) {}

    record Issuer(String name, @Nullable String kind, @Nullable String group) {}
  }

  /** monitoring.coreos.com/v1. */
  record ServiceMonitor(String apiVersion, String kind, Metadata metadata, Scraping spec) {

    record Scraping(Selector selector, List<Endpoint> endpoints) {}

    record Selector(Map<String, String> matchLabels) {}

    record Endpoint(String port, String path, String interval, String scrapeTimeout) {}
  }

  /** monitoring.coreos.com/v1. */
  record PrometheusRule(String apiVersion, String kind, Metadata metadata, Groups spec) {

    record Groups(List<Group> groups) {}

    record Group(String name, @Nullable String interval, List<Rule> rules) {}

    record Rule(
        String alert,
        String expr,
        @JsonProperty("for") @Nullable String lasting,
        Map<String, String> labels,
        Map<String, String> annotations) {}
  }
}
