package io.beamline.worker.feature;

import static io.beamline.worker.feature.WorkerFeature.CP2_ADVANCED_RETRY_ENABLED;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.config.FeatureProperties.GradualBy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.togglz.core.repository.FeatureState;

class TogglzFlagsTest {

  private final FlagStates states =
      new FlagStates(Map.of(), new MemoryFlagStore(), () -> null, "w");

  @Test
  void notifiesTheListenerOfEverySnapshot() {
    TogglzFlags flags = new TogglzFlags(states, GradualBy.ASSIGNMENT_ID, "w");
    assertThat(flags.snapshot("unobserved", "t")).isSameAs(FlagSnapshot.of(false, false));
    List<FlagSnapshot> received = new ArrayList<>();
    flags.onSnapshot(received::add);
    set("tenants", "tenants", "canary");

    List<FlagSnapshot> taken = List.of(flags.snapshot("a", "canary"), flags.snapshot("b", "other"));

    assertThat(received)
        .isEqualTo(taken)
        .containsExactly(FlagSnapshot.of(true, false), FlagSnapshot.of(false, false));
  }

  @Test
  void knowsWhenTenantsDecide() {
    TogglzFlags byAssignment = new TogglzFlags(states, GradualBy.ASSIGNMENT_ID, "w");
    TogglzFlags byTenant = new TogglzFlags(states, GradualBy.TENANT_ID, "w");
    String flag = CP2_ADVANCED_RETRY_ENABLED.name();

    assertThat(byTenant.isByTenant(flag)).isFalse();
    set("gradual", "percentage", "50");
    assertThat(byTenant.isByTenant(flag)).isTrue();
    assertThat(byAssignment.isByTenant(flag)).isFalse();
    set("tenants", "tenants", "canary");
    assertThat(byAssignment.isByTenant(flag)).isTrue();
  }

  private void set(String strategy, String parameter, String value) {
    states.setFeatureState(
        new FeatureState(CP2_ADVANCED_RETRY_ENABLED, true)
            .setStrategyId(strategy)
            .setParameter(parameter, value));
  }
}
