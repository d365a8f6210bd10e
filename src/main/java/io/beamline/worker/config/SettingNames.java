package io.beamline.worker.config;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

/** The names of the settings that the records of {@link SettingsCheck#RECORDS} hold. Pure. */
final class SettingNames {

  private SettingNames() {}

  /** Returns each setting's name with its type, in the order of the records. */
  static Map<String, Class<?>> withTypes() {
    Map<String, Class<?>> names = new LinkedHashMap<>();
    for (Class<? extends Record> type : SettingsCheck.RECORDS) {
      add(type, type.getAnnotation(ConfigurationProperties.class).value(), names);
    }
    return names;
  }

  private static void add(Class<?> type, String prefix, Map<String, Class<?>> names) {
    for (RecordComponent part : type.getRecordComponents()) {
      String name = prefix + '.' + DataObjectPropertyName.toDashedForm(part.getName());
      if (part.getType().isRecord()) {
        add(part.getType(), name, names);
      } else {
        names.put(name, part.getType());
      }
    }
  }
}
