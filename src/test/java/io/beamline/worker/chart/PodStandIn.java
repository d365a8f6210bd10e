package io.beamline.worker.chart;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A worker's pod without Kubernetes: the files of its ConfigMaps and Secrets below a folder, where
 * its variables then point.
 *
 * @param manifests what was rendered
 * @param root stands for the pod's root
 * @param name the pod's name
 */
record PodStandIn(Manifests manifests, Path root, String name) {

  /** Writes the files that the pod's volumes hold. */
  void mount() throws IOException {
    for (VolumeMount mount : manifests.worker().getVolumeMounts()) {
      for (Volume volume : manifests.pod().getVolumes()) {
        if (volume.getName().equals(mount.getName())) {
          write(volume, Files.createDirectories(Path.of(root + mount.getMountPath())));
        }
      }
    }
  }

  /** The worker's variables. */
  Map<String, String> environment() {
    Map<String, String> variables = new LinkedHashMap<>();
    for (EnvVar variable : manifests.worker().getEnv()) {
      variables.put(variable.getName(), value(variable));
    }
    return variables;
  }

  private void write(Volume volume, Path folder) throws IOException {
    if (volume.getConfigMap() != null) {
      String map = volume.getConfigMap().getName();
      for (ConfigMap found : manifests.all(ConfigMap.class)) {
        if (found.getMetadata().getName().equals(map)) {
          for (var entry : found.getData().entrySet()) {
            String text =
                entry.getValue().replace(" /etc/beamline-", " " + root + "/etc/beamline-");
            Files.writeString(folder.resolve(entry.getKey()), text);
          }
        }
      }
    } else if (volume.getSecret() != null) {
      for (KeyToPath item : volume.getSecret().getItems()) {
        byte[] content = secret(volume.getSecret().getSecretName(), item.getKey());
        Files.write(folder.resolve(item.getPath()), content);
      }
    }
  }

  private String value(EnvVar variable) {
    EnvVarSource source = variable.getValueFrom();
    if (source == null) {
      return variable.getValue().replace("/etc/", root + "/etc/");
    }
    SecretKeySelector key = source.getSecretKeyRef();
    return key == null ? field(source) : new String(secret(key.getName(), key.getKey()), UTF_8);
  }

  private String field(EnvVarSource source) {
    String path = source.getFieldRef().getFieldPath();
    if (!path.equals("metadata.name")) {
      throw new AssertionError("nobody fills in " + path);
    }
    return name;
  }

  private byte[] secret(String secret, String key) {
    return manifests.all(Secret.class).stream()
        .filter(found -> found.getMetadata().getName().equals(secret))
        .map(found -> Base64.getDecoder().decode(found.getData().get(key)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no Secret " + secret + " with " + key));
  }
}
