package io.beamline.worker.observability.logging;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Removes secrets from public values, by the rules of the log (contract section 11). Pure. */
public final class SafeDetails {

  private SafeDetails() {}

  /** Returns a copy with secrets redacted and user info removed from URLs. */
  public static Map<String, Object> of(Map<?, ?> details) {
    Map<String, Object> safe = new LinkedHashMap<>();
    details.forEach(
        (name, value) -> {
          String field = String.valueOf(name);
          safe.put(field, SecretNames.contains(field) ? JsonLine.REDACTED : value(value));
        });
    return safe;
  }

  private static Object value(Object value) {
    return switch (value) {
      case Number number -> number;
      case Boolean flag -> flag;
      case Map<?, ?> map -> of(map);
      case List<?> items -> {
        List<Object> safe = new ArrayList<>();
        items.forEach(item -> safe.add(value(item)));
        yield safe;
      }
      default -> UserInfo.cut(value.toString());
    };
  }
}
