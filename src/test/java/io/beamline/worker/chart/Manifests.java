package io.beamline.worker.chart;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What was rendered.
 *
 * @param documents each object as a tree
 */
public record Manifests(List<JsonNode> documents) {

  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();
  private static final YAMLMapper YAML = YAMLMapper.builder().build();
  private static final Pattern SEPARATOR = Pattern.compile("(?m)^---$");

  /** Reads several documents. */
  static Manifests of(String yaml) {
    Stream<JsonNode> read = SEPARATOR.splitAsStream(yaml).map(YAML::readTree);
    return new Manifests(read.filter(JsonNode::isObject).toList());
  }

  /** One document as a tree. */
  public static JsonNode tree(String yaml) {
    return YAML.readTree(yaml);
  }

  /** An object as the client's model has it. */
  static HasMetadata typed(JsonNode document) {
    return SERIALIZATION.unmarshal(document.toString());
  }

  /** What the client's model would send. */
  static JsonNode sent(HasMetadata object) {
    return YAML.readTree(SERIALIZATION.asYaml(object));
  }

  /** The kinds, in order. */
  List<String> kinds() {
    return documents.stream()
        .map(document -> document.path("kind").stringValue())
        .sorted()
        .toList();
  }

  /** The only object of a kind. */
  <T extends HasMetadata> T one(Class<T> type) {
    List<T> found = all(type);
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " objects of " + type.getSimpleName());
    }
    return found.getFirst();
  }

  /** The objects of a kind. */
  <T extends HasMetadata> List<T> all(Class<T> type) {
    return documents.stream()
        .filter(document -> document.path("kind").stringValue().equals(type.getSimpleName()))
        .map(Manifests::typed)
        .map(type::cast)
        .toList();
  }

  /** The only object of a kind that is not Kubernetes' own. */
  JsonNode custom(String kind) {
    return documents.stream()
        .filter(document -> document.path("kind").stringValue().equals(kind))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind));
  }

  /** A text of a ConfigMap. */
  String text(String name, String key) {
    return all(ConfigMap.class).stream()
        .filter(map -> map.getMetadata().getName().equals(name))
        .map(map -> map.getData().get(key))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no ConfigMap " + name + " with " + key));
  }

  /** The worker's pod. */
  PodSpec pod() {
    return one(Deployment.class).getSpec().getTemplate().getSpec();
  }

  /** The worker's container. */
  Container worker() {
    return pod().getContainers().getFirst();
  }
}
