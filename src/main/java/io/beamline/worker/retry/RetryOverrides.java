package io.beamline.worker.retry;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What differs for some step types and some HTTP statuses from the settings of advanced retry
 * (contract section 5). Immutable.
 *
 * @param types by the {@link #key} of the step type
 * @param statuses by the HTTP status of the response
 */
public record RetryOverrides(
    Map<String, RetryOverride> types, Map<Integer, RetryOverride> statuses) {

  /** The overrides of a worker whose settings have none. */
  public static final RetryOverrides NONE = new RetryOverrides(Map.of(), Map.of());

  /**
   * Returns a name without case, dots, dashes and underscores, which differ between a setting in a
   * file and one in the environment.
   */
  public static String key(String name) {
    return name.replaceAll("[._-]", "").toLowerCase(Locale.ROOT);
  }

  /**
   * Returns what holds for a failure. The status wins over the type, value by value.
   *
   * @param status the HTTP status of the failure, null if it has none
   */
  RetryOverride of(String type, @Nullable Integer status) {
    RetryOverride byType =
        types.isEmpty() ? RetryOverride.NONE : types.getOrDefault(key(type), RetryOverride.NONE);
    return status == null
        ? byType
        : statuses.getOrDefault(status, RetryOverride.NONE).orElse(byType);
  }
}
