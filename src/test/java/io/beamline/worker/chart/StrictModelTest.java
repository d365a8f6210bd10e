package io.beamline.worker.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The judge of manifests refuses what an API server would. */
class StrictModelTest {

  @Test
  void findsUnknownFieldsHoweverDeep() {
    String yaml =
        "{apiVersion: v1, kind: Pod, metadata: {name: p},"
            + " spec: {containers: [{name: c, image: i, livenesProbe: {}}]}}";
    assertThat(StrictModel.unknown(Manifests.typed(Manifests.tree(yaml))))
        .containsExactly("Pod.spec.containers[].livenesProbe");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{apiVersion: apps/v1, kind: Deployment, spec: {replicas: '3'}}",
        "{apiVersion: v1, kind: Pod, spec: {containers: {name: c}}}",
        "{apiVersion: v1, kind: ServiceAccount, automountServiceAccountToken: 'false'}",
        "{apiVersion: v1, kind: ConfigMap, data: {a: 1}}",
        "{kind: ScaledObject, spec: {minReplicaCount: '1'}}",
        "{kind: ServiceMonitor, spec: {endpoint: []}}",
      })
  void refusesWrongTypes(String yaml) {
    assertThatThrownBy(() -> StrictModel.check(Manifests.tree(yaml))).isNotNull();
  }
}
