package io.beamline.worker.block;

import io.beamline.worker.contract.json.RecordJson;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Translates the path of a broken constraint, which has names of components, into the path of the
 * field in JSON, such as {@code lines[2].unit_price}. Used by one thread.
 */
final class FieldPath {

  private final StringBuilder path = new StringBuilder();
  private @Nullable Object value;

  private FieldPath(Object root) {
    value = root;
  }

  /**
   * Returns the path in JSON; empty for the record itself.
   *
   * @param root the record that was checked
   */
  static String of(Record root, Path constraint) {
    FieldPath translated = new FieldPath(root);
    constraint.forEach(translated::follow);
    return translated.path.toString();
  }

  private void follow(Path.Node node) {
    if (node.isInIterable()) {
      enter(node.getIndex(), node.getKey());
    }
    if (node.getKind() == ElementKind.PROPERTY && node.getName() != null) {
      component(node.getName());
    }
  }

  private void enter(@Nullable Integer index, @Nullable Object key) {
    if (index != null) {
      path.append('[').append(index).append(']');
      value = value instanceof List<?> list && index < list.size() ? list.get(index) : null;
    } else if (key != null) {
      // A key is a part of the payload, which nothing repeats.
      path.append("[]");
      value = value instanceof Map<?, ?> map ? map.get(key) : null;
    } else {
      path.append("[]");
      value = null;
    }
  }

  private void component(String name) {
    String field = name;
    Object inside = null;
    if (value instanceof Record owner) {
      for (RecordComponent component : owner.getClass().getRecordComponents()) {
        if (component.getName().equals(name)) {
          field = RecordJson.fieldName(component);
          inside = valueOf(owner, component);
        }
      }
    }
    path.append(path.isEmpty() ? "" : ".").append(field);
    value = inside;
  }

  private static @Nullable Object valueOf(Record owner, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(owner);
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }
}
