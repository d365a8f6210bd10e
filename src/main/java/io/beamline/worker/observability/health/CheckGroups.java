package io.beamline.worker.observability.health;

import static io.beamline.worker.observability.health.HealthCheck.Probe.READINESS;

import io.beamline.worker.observability.health.HealthCheck.Probe;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.health.actuate.endpoint.AdditionalHealthEndpointPath;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroup;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.actuate.endpoint.HttpCodeStatusMapper;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;

/** Adds every check to the health group of its probe, and every detail to the readiness group. */
final class CheckGroups implements HealthEndpointGroupsPostProcessor {

  private final ObjectProvider<HealthCheck> checks;
  private final ObjectProvider<HealthDetail> details;

  CheckGroups(ObjectProvider<HealthCheck> checks, ObjectProvider<HealthDetail> details) {
    this.checks = checks;
    this.details = details;
  }

  @Override
  public HealthEndpointGroups postProcessHealthEndpointGroups(HealthEndpointGroups groups) {
    Map<String, HealthEndpointGroup> extended = new HashMap<>();
    for (String name : groups.getNames()) {
      HealthEndpointGroup group = groups.get(name);
      if (group != null) {
        extended.put(name, new ExtendedGroup(group, member -> belongs(member, name)));
      }
    }
    return HealthEndpointGroups.of(groups.getPrimary(), extended);
  }

  /** Looks the beans up at each call: some of them depend on beans that depend on the groups. */
  private boolean belongs(String member, String group) {
    return checks.stream()
            .anyMatch(check -> check.name().equals(member) && isGroupOf(check.probe(), group))
        || details.stream()
            .anyMatch(detail -> detail.name().equals(member) && isGroupOf(READINESS, group));
  }

  private static boolean isGroupOf(Probe probe, String group) {
    return probe.name().equalsIgnoreCase(group);
  }

  /** A health group with additional members. */
  private record ExtendedGroup(HealthEndpointGroup group, Predicate<String> added)
      implements HealthEndpointGroup {

    @Override
    public boolean isMember(String name) {
      return added.test(name) || group.isMember(name);
    }

    @Override
    public boolean showComponents(SecurityContext securityContext) {
      return group.showComponents(securityContext);
    }

    @Override
    public boolean showDetails(SecurityContext securityContext) {
      return group.showDetails(securityContext);
    }

    @Override
    public StatusAggregator getStatusAggregator() {
      return group.getStatusAggregator();
    }

    @Override
    public HttpCodeStatusMapper getHttpCodeStatusMapper() {
      return group.getHttpCodeStatusMapper();
    }

    @Override
    public @Nullable AdditionalHealthEndpointPath getAdditionalPath() {
      return group.getAdditionalPath();
    }
  }
}
