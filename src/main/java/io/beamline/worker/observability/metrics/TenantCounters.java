package io.beamline.worker.observability.metrics;

import io.micrometer.core.instrument.Counter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One counter, split by tenant when {@code worker.metrics.tenant-allowlist} names some: a tenant
 * that is not listed is {@code other}. Thread-safe.
 */
final class TenantCounters {

  private static final String[] NO_LABEL = {};
  private static final String OTHER = "other";

  private final Map<String, Counter> listed = new HashMap<>();
  private final Counter others;

  /**
   * Registers the counters.
   *
   * @param tenants the listed tenants; if empty, there is one counter without the label
   * @param counter registers a counter with the given additional labels
   */
  TenantCounters(List<String> tenants, Function<String[], Counter> counter) {
    for (String tenant : tenants) {
      listed.put(tenant, counter.apply(label(tenant)));
    }
    this.others = counter.apply(tenants.isEmpty() ? NO_LABEL : label(OTHER));
  }

  void increment(@Nullable String tenantId) {
    listed.getOrDefault(tenantId, others).increment();
  }

  private static String[] label(String tenant) {
    return new String[] {"tenant_id", tenant};
  }
}
