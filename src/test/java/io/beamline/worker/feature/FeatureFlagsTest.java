package io.beamline.worker.feature;

import static io.beamline.worker.feature.WorkerFeature.CP2_ADVANCED_RETRY_ENABLED;
import static io.beamline.worker.feature.WorkerFeature.CP2_CANCELLATION_ENABLED;
import static io.beamline.worker.feature.WorkerFeature.CP2_COMPLETE_TIMEOUT_ENABLED;
import static io.beamline.worker.feature.WorkerFeature.CP2_QUEUE_MANAGEMENT_ENABLED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamline.worker.config.FeatureProperties;
import io.beamline.worker.config.WorkerProperties;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.togglz.core.manager.FeatureManager;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.repository.StateRepository;
import org.togglz.core.spi.ActivationStrategy;
import org.togglz.spring.boot.actuate.autoconfigure.TogglzAutoConfiguration;

@ExtendWith(OutputCaptureExtension.class)
class FeatureFlagsTest {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(TogglzAutoConfiguration.class))
          .withUserConfiguration(FeatureConfiguration.class)
          .withUserConfiguration(Settings.class)
          .withBean(WorkerMetrics.class, () -> WorkerMetrics.standalone(List.of()));

  @Test
  void allFlagsAreOffByDefault() {
    runner.run(
        context -> {
          FeatureFlags flags = context.getBean(FeatureFlags.class);
          assertThat(context).hasSingleBean(StateRepository.class);
          assertThat(flags.snapshot("a", "t")).isEqualTo(FlagSnapshot.of(false, false));
          assertThat(flags.queueManagement()).isFalse();
          assertThat(flags.enabledNames()).isEmpty();
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "TRUE", "1", "yes", "Yes", " true "})
  void turnsAFlagOnAtStart(String value, CapturedOutput output) {
    runner
        .withSystemProperties("CP2_QUEUE_MANAGEMENT_ENABLED=" + value)
        .run(
            context -> {
              FeatureFlags flags = context.getBean(FeatureFlags.class);
              assertThat(flags.queueManagement()).isTrue();
              assertThat(flags.enabledNames()).containsExactly("CP2_QUEUE_MANAGEMENT_ENABLED");
            });
    assertThat(output).doesNotContain("stays off");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "false", "0", "no", " "})
  void leavesAFlagOffInSilence(String value, CapturedOutput output) {
    runner
        .withSystemProperties("CP2_QUEUE_MANAGEMENT_ENABLED=" + value)
        .run(context -> assertThat(context.getBean(FeatureFlags.class).enabledNames()).isEmpty());
    assertThat(output).doesNotContain("stays off");
  }

  @ParameterizedTest
  @ValueSource(strings = {"on", "ture", "2", "enabled"})
  void leavesAFlagOffWithAWarningThatNamesTheValue(String value, CapturedOutput output) {
    runner
        .withSystemProperties("CP2_QUEUE_MANAGEMENT_ENABLED=" + value)
        .run(context -> assertThat(context.getBean(FeatureFlags.class).enabledNames()).isEmpty());
    assertThat(output).contains("stays off", value, "CP2_QUEUE_MANAGEMENT_ENABLED");
  }

  @Test
  void aChangeShowsAtOnceAndIsLogged(CapturedOutput output) {
    runner.run(
        context -> {
          FeatureManager manager = context.getBean(FeatureManager.class);
          FeatureFlags flags = context.getBean(FeatureFlags.class);
          manager.enable(CP2_ADVANCED_RETRY_ENABLED);
          assertThat(flags.snapshot("a", "t")).isSameAs(FlagSnapshot.of(true, false));
          manager.enable(CP2_COMPLETE_TIMEOUT_ENABLED);
          assertThat(flags.snapshot("a", "t")).isSameAs(FlagSnapshot.of(true, true));
          manager.disable(CP2_ADVANCED_RETRY_ENABLED);
          assertThat(flags.snapshot("a", "t")).isSameAs(FlagSnapshot.of(false, true));
        });
    assertThat(output).contains("Feature flag changed", "unknown");
  }

  @Test
  void notifiesListenersOfEachChangeOnceItIsVisible() {
    runner.run(
        context -> {
          FeatureManager manager = context.getBean(FeatureManager.class);
          FeatureFlags flags = context.getBean(FeatureFlags.class);
          List<Boolean> seen = new ArrayList<>();
          flags.onChange(() -> seen.add(flags.queueManagement()));
          manager.enable(CP2_QUEUE_MANAGEMENT_ENABLED);
          manager.enable(CP2_QUEUE_MANAGEMENT_ENABLED);
          manager.disable(CP2_QUEUE_MANAGEMENT_ENABLED);
          assertThat(seen).containsExactly(true, false);
        });
  }

  @Test
  void aStateReadBeforeAChangeIsNoWayToChangeIt() {
    runner.run(
        context -> {
          context
              .getBean(StateRepository.class)
              .getFeatureState(CP2_QUEUE_MANAGEMENT_ENABLED)
              .enable();
          assertThat(context.getBean(FeatureFlags.class).queueManagement()).isFalse();
        });
  }

  /** With all flags at once, as each has the same ones. */
  @Test
  void appliesToAShareOfTheAssignmentsAndAlwaysTheSame() {
    runner.run(
        context -> {
          FeatureFlags flags = context.getBean(FeatureFlags.class);
          FeatureManager manager = context.getBean(FeatureManager.class);
          Set<String> before = Set.of();
          for (String percentage : List.of("0", "0.5", "10", "25", "50", "99.5", "100")) {
            set(manager, gradual(CP2_ADVANCED_RETRY_ENABLED, percentage));
            set(manager, gradual(CP2_COMPLETE_TIMEOUT_ENABLED, percentage));
            Set<String> on = onFor(flags, 10_000);
            assertThat(on.size() / 100.0)
                .isCloseTo(Double.parseDouble(percentage), Offset.offset(1.0));
            assertThat(on).as("nobody falls back").containsAll(before);
            before = on;
          }
        });
  }

  @Test
  void cancellationAppliesToTheSameShareAndIsReadAtEachCall() {
    runner.run(
        context -> {
          FeatureFlags flags = context.getBean(FeatureFlags.class);
          FeatureManager manager = context.getBean(FeatureManager.class);
          assertThat(flags.cancellationInUse()).isFalse();
          assertThat(flags.cancellation("a-1", "t")).isFalse();
          set(manager, gradual(CP2_ADVANCED_RETRY_ENABLED, "25"));
          set(manager, gradual(CP2_CANCELLATION_ENABLED, "25"));
          assertThat(flags.cancellationInUse()).isTrue();
          for (int i = 0; i < 1_000; i++) {
            assertThat(flags.cancellation("a-" + i, "t"))
                .isEqualTo(flags.snapshot("a-" + i, "t").advancedRetry());
          }
          manager.disable(CP2_CANCELLATION_ENABLED);
          assertThat(flags.cancellationInUse()).isFalse();
          manager.enable(CP2_CANCELLATION_ENABLED);
          assertThat(flags.enabledNames()).contains("CP2_CANCELLATION_ENABLED");
        });
  }

  @Test
  void aShareOfTheTenantsTakesAllAssignmentsOfATenantAlike() {
    runner
        .withPropertyValues("worker.features.gradual-by=tenant_id")
        .run(
            context -> {
              FeatureFlags flags = context.getBean(FeatureFlags.class);
              set(context.getBean(FeatureManager.class), gradual(CP2_ADVANCED_RETRY_ENABLED, "25"));
              for (String assignment : List.of("a", "b", "c")) {
                assertThat(flags.snapshot(assignment, "acme").advancedRetry()).isTrue();
                assertThat(flags.snapshot(assignment, "tenant-a").advancedRetry()).isFalse();
              }
            });
  }

  /** worker-1 is at 28.1 %. */
  @ParameterizedTest
  @CsvSource({"28, false", "29, true"})
  void theQueueFlagAppliesToAShareOfTheWorkers(String percentage, boolean on) {
    runner
        .withPropertyValues("worker.id=worker-1")
        .run(
            context -> {
              FeatureFlags flags = context.getBean(FeatureFlags.class);
              set(
                  context.getBean(FeatureManager.class),
                  gradual(CP2_QUEUE_MANAGEMENT_ENABLED, percentage));
              assertThat(flags.queueManagement()).isEqualTo(on);
              assertThat(flags.enabledNames())
                  .isEqualTo(on ? List.of("CP2_QUEUE_MANAGEMENT_ENABLED") : List.of());
            });
  }

  @Test
  void appliesToSomeTenants() {
    runner.run(
        context -> {
          FeatureFlags flags = context.getBean(FeatureFlags.class);
          set(
              context.getBean(FeatureManager.class),
              new FeatureState(CP2_COMPLETE_TIMEOUT_ENABLED, true)
                  .setStrategyId("tenants")
                  .setParameter("tenants", "acme, globex"));
          assertThat(flags.snapshot("a", "acme").completeTimeout()).isTrue();
          assertThat(flags.snapshot("a", "globex").completeTimeout()).isTrue();
          assertThat(flags.snapshot("a", "initech").completeTimeout()).isFalse();
          assertThat(flags.enabledNames()).containsExactly("CP2_COMPLETE_TIMEOUT_ENABLED");
        });
  }

  @ParameterizedTest
  @CsvSource({
    "CP2_COMPLETE_TIMEOUT_ENABLED, nonesuch, strategy must be empty or one of",
    "CP2_COMPLETE_TIMEOUT_ENABLED, gradual, percentage is missing",
    "CP2_QUEUE_MANAGEMENT_ENABLED, tenants, not by tenants",
  })
  void refusesAStateThatMakesNoSense(WorkerFeature flag, String strategy, String sentence) {
    runner.run(
        context -> {
          FeatureManager manager = context.getBean(FeatureManager.class);
          FeatureState state =
              new FeatureState(flag, true).setStrategyId(strategy).setParameter("tenants", "acme");
          assertThatThrownBy(() -> manager.setFeatureState(state))
              .isInstanceOf(FlagRefusedException.class)
              .hasMessageContaining(sentence);
          assertThat(context.getBean(FeatureFlags.class).enabledNames()).isEmpty();
        });
  }

  @Test
  void putsAFlagBackToItsConfiguration() {
    runner
        .withSystemProperties("CP2_COMPLETE_TIMEOUT_ENABLED=true")
        .run(
            context -> {
              FeatureManager manager = context.getBean(FeatureManager.class);
              FeatureFlags flags = context.getBean(FeatureFlags.class);
              assertThat(origin(manager)).isEqualTo("configuration");
              manager.disable(CP2_COMPLETE_TIMEOUT_ENABLED);
              assertThat(flags.enabledNames()).isEmpty();
              assertThat(origin(manager)).startsWith("this worker, until it restarts");

              set(
                  manager,
                  new FeatureState(CP2_COMPLETE_TIMEOUT_ENABLED, false)
                      .setStrategyId("configuration"));

              assertThat(flags.enabledNames()).containsExactly("CP2_COMPLETE_TIMEOUT_ENABLED");
              assertThat(manager.getFeatureState(CP2_COMPLETE_TIMEOUT_ENABLED).getStrategyId())
                  .isNull();
              assertThat(origin(manager)).isEqualTo("configuration");
            });
  }

  /** Scripts, client addresses and the like would run code, or mean nothing for an assignment. */
  @Test
  void offersOnlyStrategiesThatSuitAssignments() {
    runner.run(
        context ->
            assertThat(context.getBean(FeatureManager.class).getActivationStrategies())
                .extracting(ActivationStrategy::getId)
                .containsExactly("gradual", "tenants", "configuration"));
  }

  private static FeatureState gradual(WorkerFeature flag, String percentage) {
    return new FeatureState(flag, true)
        .setStrategyId("gradual")
        .setParameter("percentage", percentage);
  }

  /** Those of so many assignments that have both flags; fails when one has only one. */
  private static Set<String> onFor(FeatureFlags flags, int assignments) {
    return IntStream.range(0, assignments)
        .mapToObj(i -> "share-" + i)
        .filter(
            id -> {
              FlagSnapshot snapshot = flags.snapshot(id, "t");
              assertThat(snapshot.advancedRetry()).isEqualTo(snapshot.completeTimeout());
              return snapshot.advancedRetry();
            })
        .collect(Collectors.toSet());
  }

  private static String origin(FeatureManager manager) {
    return String.valueOf(
        manager.getMetaData(CP2_COMPLETE_TIMEOUT_ENABLED).getAttributes().get("State from"));
  }

  private static void set(FeatureManager manager, FeatureState state) {
    manager.setFeatureState(state);
  }

  @EnableConfigurationProperties({FeatureProperties.class, WorkerProperties.class})
  static class Settings {}
}
