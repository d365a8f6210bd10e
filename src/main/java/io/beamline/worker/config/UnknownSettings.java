package io.beamline.worker.config;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  private static final List<String> NAMES = names(type -> type != Map.class);

  private static final Set<String> KNOWN =
      NAMES.stream().map(Nearest::plain).collect(Collectors.toUnmodifiableSet());

  /** Below these an operator chooses the names. */
  private static final List<String> GROUPS =
      Stream.concat(Stream.of("worker.types"), names(type -> type == Map.class).stream())
          .map(Nearest::plain)
          .toList();

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
    return KNOWN.contains(plain) || GROUPS.stream().anyMatch(plain::startsWith);
  }

  private static List<String> names(Predicate<Class<?>> wanted) {
    return SettingNames.withTypes().entrySet().stream()
        .filter(setting -> wanted.test(setting.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }
}
