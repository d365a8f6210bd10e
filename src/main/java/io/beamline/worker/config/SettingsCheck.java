package io.beamline.worker.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.support.ResourceEditorRegistrar;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.core.io.DefaultResourceLoader;

/**
 * Validates each setting separately, in order to find all faults and not only the first one. Used
 * after a failed start. Not thread-safe.
 */
final class SettingsCheck {

  /** The records that hold the settings of contract section 8. */
  static final List<Class<? extends Record>> RECORDS =
      List.of(
          WorkerProperties.class,
          NatsDeliveryProperties.class,
          PoolProperties.class,
          QueueProperties.class,
          RetryProperties.class,
          TimeoutProperties.class,
          FileBlockProperties.class,
          HttpBlockProperties.class,
          NatsBlockProperties.class,
          SqlBlockProperties.class,
          DestinationProperties.class,
          FeatureProperties.class,
          PortProperties.Main.class,
          PortProperties.Management.class);

  private final Environment environment;
  private final Binder binder;
  private final List<SettingFault> faults = new ArrayList<>();

  private SettingsCheck(Environment environment) {
    this.environment = environment;
    this.binder = binder(environment);
  }

  /** Returns all faults in the order of the records; empty if the settings are valid. */
  static List<SettingFault> faults(Environment environment) {
    return faults(environment, RECORDS);
  }

  /** Returns the faults of some of the records. */
  static List<SettingFault> faults(Environment environment, List<Class<? extends Record>> records) {
    SettingsCheck check = new SettingsCheck(environment);
    for (Class<? extends Record> type : records) {
      check.record(type, type.getAnnotation(ConfigurationProperties.class).value());
    }
    return check.faults;
  }

  /** Returns a binder that works like Spring Boot's at start, with property editors for paths. */
  static Binder binder(Environment environment) {
    return new Binder(
        ConfigurationPropertySources.get(environment),
        new PropertySourcesPlaceholdersResolver(environment),
        null,
        new ResourceEditorRegistrar(new DefaultResourceLoader(), environment)
            ::registerCustomEditors);
  }

  /**
   * Returns a binder like {@link #binder}, in which names in braces of what stands for a {@code
   * ${VARIABLE}} are doubled: it is no template.
   */
  static Binder templateBinder(Environment environment) {
    PropertySourcesPlaceholdersResolver resolver =
        new PropertySourcesPlaceholdersResolver(environment) {
          @Override
          protected @Nullable String resolvePlaceholder(String placeholder) {
            String value = super.resolvePlaceholder(placeholder);
            return value == null ? null : value.replaceAll("\\{([a-z_]+)}", "{{$1}}");
          }
        };
    return new Binder(ConfigurationPropertySources.get(environment), resolver, null, null);
  }

  private void record(Class<?> type, String name) {
    int before = faults.size();
    for (RecordComponent part : type.getRecordComponents()) {
      String partName = name + '.' + DataObjectPropertyName.toDashedForm(part.getName());
      if (part.getType().isRecord()) {
        record(part.getType(), partName);
      } else {
        setting(type, part, partName);
      }
    }
    if (faults.size() == before) {
      together(type, name);
    }
  }

  private void setting(Class<?> owner, RecordComponent part, String name) {
    try {
      Bindable<Object> target = Bindable.of(ResolvableType.forType(part.getGenericType()));
      Object value = binder.bind(name, target).orElse(null);
      if (value != null && !SettingConstraints.permits(owner, part.getName(), value)) {
        report(owner, part, name);
      }
    } catch (BindException e) {
      report(owner, part, name);
    }
  }

  private void report(Class<?> owner, RecordComponent part, String name) {
    String given = environment.getProperty(name);
    String value = given == null ? "(a list)" : given;
    faults.add(
        new SettingFault(
            name,
            value,
            SettingRule.of(part.getType(), SettingConstraints.field(owner, part.getName()))));
  }

  /** Checks the rules between the settings of one record. */
  private void together(Class<?> type, String name) {
    if (binder.bindOrCreate(name, Bindable.of(type)) instanceof Record settings) {
      SettingConstraints.brokenRules(settings)
          .forEach(rule -> faults.add(new SettingFault(name, settings.toString(), rule)));
    }
  }
}
