package io.beamline.worker.plugin;

import io.beamline.worker.observability.logging.UserInfo;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.support.BeanDefinitionOverrideException;

/** Says why a start failed, and which plug-in is to blame. Pure. */
final class StartFaults {

  private static final Pattern CLASS_NAME = Pattern.compile("[\\w$]+(?:[./][\\w$]+)+");

  private StartFaults() {}

  /** Returns why something could not be loaded or made, as a part of a sentence. */
  static String describe(Throwable cause) {
    return switch (cause) {
      case UnsupportedClassVersionError e ->
          "it was compiled for a newer Java than " + Runtime.version().feature();
      case NoClassDefFoundError e -> missing(e);
      case ClassNotFoundException e -> missing(e);
      case BeanDefinitionOverrideException e ->
          "it defines the bean '%s', which is there already".formatted(e.getBeanName());
      default -> cause.getClass().getSimpleName() + firstLine(cause.getMessage());
    };
  }

  /**
   * Returns the plug-in that a failure comes from: the first whose class the innermost cause names,
   * or has on its stack, or then the cause around it. Null if there is none.
   */
  static @Nullable PluginJar culprit(Throwable failure, PluginLoader loader) {
    return innermostFirst(failure).stream()
        .flatMap(cause -> classNames(cause).map(loader::jarWith))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** Returns the innermost cause. */
  static Throwable root(Throwable failure) {
    return innermostFirst(failure).getFirst();
  }

  private static Deque<Throwable> innermostFirst(Throwable failure) {
    Deque<Throwable> causes = new ArrayDeque<>();
    for (Throwable cause = failure;
        cause != null && !causes.contains(cause);
        cause = cause.getCause()) {
      causes.push(cause);
    }
    return causes;
  }

  private static Stream<String> classNames(Throwable cause) {
    return Stream.concat(
        CLASS_NAME
            .matcher(String.valueOf(cause.getMessage()))
            .results()
            .map(MatchResult::group)
            .map(name -> name.replace('/', '.').replaceAll("\\.class$", "")),
        Arrays.stream(cause.getStackTrace()).map(StackTraceElement::getClassName));
  }

  private static String missing(Throwable cause) {
    return "the class %s is missing"
        .formatted(String.valueOf(cause.getMessage()).replace('/', '.'));
  }

  private static String firstLine(@Nullable String message) {
    if (message == null || message.isBlank()) {
      return "";
    }
    return ": " + UserInfo.cut(message.lines().findFirst().orElse("")).replaceAll("[.:]$", "");
  }
}
