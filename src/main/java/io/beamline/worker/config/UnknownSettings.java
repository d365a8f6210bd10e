package io.beamline.worker.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Finds settings of the worker that are misspelt (contract section 8). Pure. */
public final class UnknownSettings {

  private static final String PREFIX = "worker.";
  private static final String VARIABLE_PREFIX = "WORKER_";

  /** The number of a list's element. */
  private static final Pattern INDEX = Pattern.compile("\\[[0-9]+]|_[0-9]+(?=_|$)");

  /** What Kubernetes sets in every container for a Service whose name begins with "worker". */
  private static final Pattern OF_KUBERNETES =
      Pattern.compile(
          "WORKER(_[A-Z0-9_]+)?_(SERVICE_(HOST|PORT)(_.*)?|PORT(_[0-9]+_(TCP|UDP|SCTP).*)?)");

  private static final List<String> NAMES = new ArrayList<>();

  /** Below these an operator chooses the names. */
  private static final List<String> GROUPS = new ArrayList<>(List.of("worker.types"));

  private static final Set<String> KNOWN = new LinkedHashSet<>();

  static {
    SettingsCheck.RECORDS.forEach(
        type -> add(type, type.getAnnotation(ConfigurationProperties.class).value()));
    NAMES.forEach(name -> KNOWN.add(Nearest.plain(name)));
  }

  private UnknownSettings() {}

  /** Returns the settings that nothing reads, in the order in which their sources count. */
  public static List<UnknownSetting> in(ConfigurableEnvironment environment) {
    Set<String> unknown = new LinkedHashSet<>();
    for (PropertySource<?> source : environment.getPropertySources()) {
      if (source instanceof EnumerablePropertySource<?> names) {
        boolean variables = source instanceof SystemEnvironmentPropertySource;
        Arrays.stream(names.getPropertyNames())
            .filter(name -> variables ? isVariable(name) : name.startsWith(PREFIX))
            .filter(name -> !isKnown(name))
            .sorted()
            .forEach(unknown::add);
      }
    }
    return unknown.stream()
        .map(
            name -> new UnknownSetting(name, Nearest.to(INDEX.matcher(name).replaceAll(""), NAMES)))
        .toList();
  }

  private static boolean isVariable(String name) {
    return name.startsWith(VARIABLE_PREFIX) && !OF_KUBERNETES.matcher(name).matches();
  }

  private static boolean isKnown(String name) {
    String plain = Nearest.plain(INDEX.matcher(name).replaceAll(""));
    return KNOWN.contains(plain)
        || GROUPS.stream().anyMatch(group -> plain.startsWith(Nearest.plain(group)));
  }

  private static void add(Class<?> type, String prefix) {
    for (RecordComponent part : type.getRecordComponents()) {
      String name = prefix + '.' + DataObjectPropertyName.toDashedForm(part.getName());
      if (part.getType().isRecord()) {
        add(part.getType(), name);
      } else if (part.getType() == Map.class) {
        GROUPS.add(name);
      } else {
        NAMES.add(name);
      }
    }
  }
}
