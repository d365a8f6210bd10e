package io.beamline.worker.feature;

import static io.beamline.worker.feature.WorkerFeature.CP2_ADVANCED_RETRY_ENABLED;
import static io.beamline.worker.feature.WorkerFeature.CP2_COMPLETE_TIMEOUT_ENABLED;
import static io.beamline.worker.feature.WorkerFeature.CP2_QUEUE_MANAGEMENT_ENABLED;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.observability.LogThrottle;
import io.beamline.worker.observability.WorkerMetrics;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.togglz.core.activation.Parameter;
import org.togglz.core.manager.FeatureManager;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.repository.StateRepository;
import org.togglz.core.spi.ActivationStrategy;
import org.togglz.core.user.FeatureUser;
import org.togglz.spring.boot.actuate.autoconfigure.TogglzAutoConfiguration;

@ExtendWith(OutputCaptureExtension.class)
class FeatureFlagsTest {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(TogglzAutoConfiguration.class))
          .withUserConfiguration(FeatureConfiguration.class)
          .withBean(WorkerMetrics.class, () -> WorkerMetrics.standalone(List.of()))
          .withBean(LogThrottle.class, FeatureFlagsTest::logs);

  @Test
  void allFlagsAreOffByDefault() {
    runner.run(
        context -> {
          FeatureFlags flags = context.getBean(FeatureFlags.class);
          assertThat(context).hasSingleBean(StateRepository.class);
          assertThat(flags.snapshot("a", "t")).isEqualTo(new FlagSnapshot(false, false));
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
  void tellsOfEachChangeOnceItShows() {
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

  @Test
  void appliesToAShareOfTheAssignmentsAndAlwaysTheSame() {
    runner.run(
        context -> {
          FeatureFlags flags = context.getBean(FeatureFlags.class);
          set(
              context.getBean(FeatureManager.class),
              new FeatureState(CP2_ADVANCED_RETRY_ENABLED, true)
                  .setStrategyId("gradual")
                  .setParameter("percentage", "25"));
          long on =
              IntStream.range(0, 10_000)
                  .filter(i -> flags.snapshot("assignment-" + i, "t").advancedRetry())
                  .count();
          assertThat(on).isBetween(2_200L, 2_800L);
          assertThat(flags.snapshot("x", "t")).isSameAs(flags.snapshot("x", "t"));
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

  @Test
  void anUnknownStrategyIsOff() {
    runner.run(
        context -> {
          set(
              context.getBean(FeatureManager.class),
              new FeatureState(CP2_COMPLETE_TIMEOUT_ENABLED, true).setStrategyId("nonesuch"));
          assertThat(context.getBean(FeatureFlags.class).snapshot("a", "t").completeTimeout())
              .isFalse();
        });
  }

  /** Scripts, client addresses and the like would run code, or mean nothing for an assignment. */
  @Test
  void offersOnlyStrategiesThatSuitAssignments() {
    runner.run(
        context ->
            assertThat(context.getBean(FeatureManager.class).getActivationStrategies())
                .extracting(ActivationStrategy::getId)
                .containsExactly("gradual", "tenants"));
  }

  @Test
  void aStrategyThatFailsIsOffAndSaysSoOnce(CapturedOutput output) {
    FlagStates states = new FlagStates(Map.of(), () -> null);
    states.setFeatureState(
        new FeatureState(CP2_ADVANCED_RETRY_ENABLED, true).setStrategyId("failing"));
    FeatureFlags flags = new TogglzFlags(states, () -> List.of(new Failing()), logs());

    for (int i = 0; i < 1_000; i++) {
      assertThat(flags.snapshot("a", "t")).isSameAs(FlagSnapshot.of(false, false));
    }

    assertThat(output.getOut().lines().filter(line -> line.contains("its strategy failed")))
        .hasSize(1);
  }

  private static LogThrottle logs() {
    return new LogThrottle(TimeSource.system(), Duration.ofMinutes(1));
  }

  private static final class Failing implements ActivationStrategy {

    @Override
    public String getId() {
      return "failing";
    }

    @Override
    public String getName() {
      return "Failing";
    }

    @Override
    public boolean isActive(FeatureState state, FeatureUser user) {
      throw new IllegalStateException("made by the test");
    }

    @Override
    public Parameter[] getParameters() {
      return new Parameter[0];
    }
  }

  private static void set(FeatureManager manager, FeatureState state) {
    manager.setFeatureState(state);
  }
}
