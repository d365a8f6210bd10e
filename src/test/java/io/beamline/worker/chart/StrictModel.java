package io.beamline.worker.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Judges a manifest as an API server would: every field is known and of its type. What the client's
 * model does not know it hides in its additional properties, and what is of another type it
 * converts: so the first must be empty, and what it would send must be what was rendered.
 */
final class StrictModel {

  private static final String MODEL = "io.fabric8.kubernetes.api.model";
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  private StrictModel() {}

  /** Fails unless the manifest is right. */
  static void check(JsonNode manifest) {
    String kind = manifest.path("kind").stringValue();
    Class<? extends Record> custom = CustomResources.KINDS.get(kind);
    if (custom != null) {
      STRICT.treeToValue(manifest, custom);
      return;
    }
    HasMetadata object = Manifests.typed(manifest);
    assertThat(unknown(object)).as("unknown fields of %s", kind).isEmpty();
    assertThat(Manifests.sent(object)).as(kind).isEqualTo(manifest);
  }

  /** The fields that the model does not know, wherever they are. */
  static List<String> unknown(HasMetadata object) {
    List<String> found = new ArrayList<>();
    walk(object, object.getKind(), found);
    return found;
  }

  private static void walk(@Nullable Object value, String path, List<String> found) {
    switch (value) {
      case null -> {}
      case Collection<?> items -> items.forEach(item -> walk(item, path + "[]", found));
      case Map<?, ?> entries -> entries.forEach((key, item) -> walk(item, path + "." + key, found));
      default -> {
        if (value.getClass().getName().startsWith(MODEL) && !value.getClass().isEnum()) {
          fields(value, path, found);
        }
      }
    }
  }

  private static void fields(Object object, String path, List<String> found) {
    for (Class<?> type = object.getClass(); type != Object.class; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers())) {
          continue;
        }
        Object value = value(field, object);
        if (field.getName().equals("additionalProperties")) {
          ((Map<?, ?>) value).keySet().forEach(key -> found.add(path + "." + key));
        } else {
          walk(value, path + "." + field.getName(), found);
        }
      }
    }
  }

  private static Object value(Field field, Object object) {
    try {
      field.setAccessible(true);
      return field.get(object);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
