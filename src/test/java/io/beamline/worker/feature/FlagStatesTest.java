package io.beamline.worker.feature;

import static io.beamline.worker.feature.WorkerFeature.CP2_ADVANCED_RETRY_ENABLED;
import static io.beamline.worker.feature.WorkerFeature.CP2_COMPLETE_TIMEOUT_ENABLED;
import static io.beamline.worker.feature.WorkerFeature.CP2_QUEUE_MANAGEMENT_ENABLED;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.feature.FlagStore.StoredFlag;
import io.beamline.worker.support.LogLines;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.togglz.core.repository.FeatureState;

class FlagStatesTest {

  private static final String ON = "{\"enabled\":true,\"user\":\"ann\",\"worker\":\"w-2\"}";
  private static final String RETRY = CP2_ADVANCED_RETRY_ENABLED.name();

  private final FlagStates states =
      new FlagStates(
          Map.of(
              CP2_COMPLETE_TIMEOUT_ENABLED, new FeatureState(CP2_COMPLETE_TIMEOUT_ENABLED, true)),
          new MemoryFlagStore(),
          () -> null,
          "w-1");

  @Test
  void whatIsStoredGoesBeforeTheConfigurationAndNothingElseDoes() {
    states.loaded(Map.of(RETRY, new StoredFlag(ON, 7), "CP3", new StoredFlag(ON, 8)));
    assertThat(enabled(CP2_ADVANCED_RETRY_ENABLED)).isTrue();
    assertThat(enabled(CP2_COMPLETE_TIMEOUT_ENABLED)).isTrue();

    states.loaded(Map.of());
    assertThat(enabled(CP2_ADVANCED_RETRY_ENABLED)).isFalse();
    assertThat(enabled(CP2_COMPLETE_TIMEOUT_ENABLED)).isTrue();
  }

  @Test
  void aChangeElsewhereIsLoggedOnceWithWhoMadeItAndNotified() {
    List<Boolean> notified = new ArrayList<>();
    states.onChange(() -> notified.add(enabled(CP2_ADVANCED_RETRY_ENABLED)));
    try (LogLines log = new LogLines()) {
      states.changed(RETRY, new StoredFlag(ON, 7));
      states.changed(RETRY, new StoredFlag(ON, 8));
      states.changed("CP3", new StoredFlag(ON, 9));

      assertThat(log.all())
          .singleElement()
          .satisfies(
              line ->
                  assertThat(line)
                      .contains("Feature flag changed", RETRY, "user=\"ann\"", "\"w-2\"", "\"7\""));
    }
    assertThat(notified).containsExactly(true);
    assertThat(states.origin(CP2_ADVANCED_RETRY_ENABLED)).endsWith("revision 8, by ann on w-2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ | no JSON object",
        "{\"enabled\":\"on\"} | enabled is neither",
        "{\"enabled\":true,\"strategy\":\"dice\"} | strategy must be empty or one of",
        "{\"enabled\":true,\"strategy\":\"gradual\"} | percentage is missing",
        "{\"enabled\":true,\"strategy\":\"gradual\",\"parameters\":{\"percentage\":200}} | percentage",
      })
  void whatCannotBeReadChangesNothingAndNamesItsKey(String text, String reason) {
    states.changed(RETRY, new StoredFlag(ON, 7));
    try (LogLines log = new LogLines()) {
      states.changed(RETRY, new StoredFlag(text, 8));
      assertThat(log.warnings())
          .singleElement()
          .satisfies(
              line -> assertThat(line).contains(RETRY, reason, "its last valid state is kept"));
    }
    assertThat(enabled(CP2_ADVANCED_RETRY_ENABLED)).isTrue();
    assertThat(states.origin(CP2_ADVANCED_RETRY_ENABLED)).contains("revision 7");
  }

  @Test
  void theQueueFlagIsNeverOnBecauseOfTenants() {
    try (LogLines log = new LogLines()) {
      String tenants =
          "{\"enabled\":true,\"strategy\":\"tenants\",\"parameters\":{\"tenants\":\"a\"}}";
      states.changed(CP2_QUEUE_MANAGEMENT_ENABLED.name(), new StoredFlag(tenants, 1));
      assertThat(log.warnings()).singleElement().asString().contains("not by tenants");
    }
    assertThat(enabled(CP2_QUEUE_MANAGEMENT_ENABLED)).isFalse();
  }

  /** The console writes them into its pages as they are. */
  @Test
  void namesFromElsewhereAreNoMarkup() {
    String odd = "{\"enabled\":true,\"user\":\"<b>\\\"&'x\",\"worker\":\"w\\n\"}";
    states.changed(RETRY, new StoredFlag(odd, 1));
    assertThat(states.origin(CP2_ADVANCED_RETRY_ENABLED)).endsWith("by ?b????x on w?");
  }

  private boolean enabled(WorkerFeature flag) {
    return states.current(flag).isEnabled();
  }
}
