package io.beamline.worker.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;
import tools.jackson.core.JsonPointer;

/** Reads {@code worker.types} (contract section 4). Pure but for the environment that it reads. */
public final class StepTypeSettings {

  private static final String TYPES = "worker.types";
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,63}");
  private static final String NAME_RULE =
      "a name of 1 to 64 letters, digits, dots, - and _ that begins with a letter";
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofHours(1);

  private StepTypeSettings() {}

  /**
   * Returns the step types of the settings.
   *
   * @throws UnusableSettingException if something about them is wrong
   */
  public static ConfiguredTypes read(Environment environment) {
    SortedMap<String, StepTypeProperties> types = new TreeMap<>();
    bound(environment).forEach((name, type) -> types.put(name, checked(name, type)));
    return new ConfiguredTypes(Collections.unmodifiableSortedMap(types));
  }

  /** Returns the name of a setting of a type, for an error. */
  public static String property(String type, String setting) {
    return TYPES + "." + type + "." + setting;
  }

  private static Map<String, StepTypeProperties> bound(Environment environment) {
    Binder binder = SettingsCheck.templateBinder(environment);
    try {
      return binder
          .bind(
              TYPES,
              Bindable.mapOf(String.class, StepTypeProperties.class),
              new NoUnboundElementsBindHandler(
                  BindHandler.DEFAULT, new UnboundElementsSourceFilter()))
          .orElse(Map.of());
    } catch (BindException e) {
      throw refused(e);
    }
  }

  private static UnusableSettingException refused(BindException fault) {
    if (fault.getCause() instanceof UnboundConfigurationPropertiesException unknown) {
      String known =
          Arrays.stream(StepTypeProperties.class.getRecordComponents())
              .map(part -> DataObjectPropertyName.toDashedForm(part.getName()))
              .collect(Collectors.joining(", "));
      return new UnusableSettingException(
          unknown.getUnboundProperties().iterator().next().getName().toString(),
          "(hidden)",
          "one of the settings of a type: " + known);
    }
    String name = fault.getName().toString();
    return new UnusableSettingException(
        name,
        "(hidden)",
        name.endsWith(".timeout") ? timeoutRule() : "of the kind that is expected");
  }

  private static StepTypeProperties checked(String name, StepTypeProperties type) {
    require(NAME.matcher(name).matches(), TYPES + "." + name, name, "below " + NAME_RULE);
    for (String alias : type.aliases()) {
      require(NAME.matcher(alias).matches(), property(name, "aliases"), alias, NAME_RULE);
    }
    require(!type.block().isEmpty(), property(name, "block"), "", "the name of a block");
    require(
        !type.inputs().containsKey(type.payloadAs()),
        property(name, "payload-as"),
        type.payloadAs(),
        "an input that inputs does not have");
    require(
        type.outputsFrom().isEmpty() || isPointer(type.outputsFrom()),
        property(name, "outputs-from"),
        type.outputsFrom(),
        "a JSON pointer such as /body");
    require(
        type.cost().isEmpty() || isPointer(type.cost()) || isCost(type.cost()),
        property(name, "cost"),
        type.cost(),
        "a number from 0, or a JSON pointer such as /usage/cost");
    Duration timeout = type.timeout();
    require(
        timeout == null || (timeout.compareTo(SHORTEST) >= 0 && timeout.compareTo(LONGEST) <= 0),
        property(name, "timeout"),
        String.valueOf(timeout),
        timeoutRule());
    return new StepTypeProperties(
        type.block(),
        inputs(name, type.inputs()),
        type.payloadAs(),
        type.outputsFrom(),
        List.copyOf(type.aliases()),
        Map.copyOf(type.retry()),
        timeout,
        type.cost());
  }

  private static String timeoutRule() {
    return "a duration from 1ms to 1h";
  }

  /** Returns whether a text is a JSON pointer (RFC 6901) to something below the whole. */
  private static boolean isPointer(String text) {
    if (!text.startsWith("/")) {
      return false;
    }
    try {
      return JsonPointer.compile(text).toString().equals(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isCost(String text) {
    try {
      BigDecimal number = new BigDecimal(text);
      return number.signum() >= 0 && Double.isFinite(number.doubleValue());
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static Map<String, Object> inputs(String type, Map<String, Object> inputs) {
    Map<String, Object> read = new LinkedHashMap<>();
    inputs.forEach((name, value) -> read.put(name, value(type, name, value)));
    return Collections.unmodifiableMap(read);
  }

  /** Returns a value with lists where Spring has maps whose keys count from 0. */
  private static Object value(String type, String input, @Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map when isList(map) ->
          IntStream.range(0, map.size())
              .mapToObj(i -> value(type, input, map.get(String.valueOf(i))))
              .toList();
      case Map<?, ?> map -> {
        Map<String, Object> read = new LinkedHashMap<>();
        map.forEach((name, part) -> read.put(String.valueOf(name), value(type, input, part)));
        yield Collections.unmodifiableMap(read);
      }
      case List<?> list -> list.stream().map(part -> value(type, input, part)).toList();
      case Number number -> {
        require(
            Double.isFinite(number.doubleValue()),
            property(type, "inputs." + input),
            "(hidden)",
            "without numbers that are not finite");
        yield number;
      }
      case Boolean flag -> flag;
      case null -> "";
      default -> text(type, input, value.toString());
    };
  }

  private static boolean isList(Map<?, ?> map) {
    return !map.isEmpty()
        && IntStream.range(0, map.size()).allMatch(i -> map.containsKey(String.valueOf(i)));
  }

  /** A secret that is missing would be sent as its placeholder. */
  private static String text(String type, String input, String text) {
    int from = text.indexOf("${");
    int to = from < 0 ? -1 : text.indexOf('}', from);
    require(
        to < 0,
        property(type, "inputs." + input),
        "(hidden)",
        "without " + (to < 0 ? "" : text.substring(from, to + 1)) + ", which is not set");
    return text;
  }

  private static void require(boolean holds, String property, String value, String rule) {
    if (!holds) {
      throw new UnusableSettingException(property, value, rule);
    }
  }
}
