package io.beamline.worker.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;

class RandomCasesTest {

  private static final Set<Long> SEEDS = new HashSet<>();

  @RandomCases(50)
  void eachCaseHasASeedThatGivesItsValuesAgain(RandomValues random) {
    RandomValues again = new RandomValues(Long.parseLong(random.toString()));

    assertThat(SEEDS.add(Long.parseLong(random.toString()))).isTrue();
    assertThat(again.bytes(100)).isEqualTo(random.bytes(100));
    assertThat(again.text(0, 50, '\0', '\uFFFF')).isEqualTo(random.text(0, 50, '\0', '\uFFFF'));
    assertThat(again.between(0.0, 1.0)).isEqualTo(random.between(0.0, 1.0));
  }

  @RandomCases(50)
  void bothEndsOfARangeAppear(RandomValues random) {
    Set<Integer> seen = new HashSet<>(random.list(500, 500, () -> random.between(-1_000, 1_000)));

    assertThat(seen).contains(-1_000, 1_000).allMatch(value -> Math.abs(value) <= 1_000);
  }

  @Test
  void aFailureNamesTheSeed() {
    ExtensionContext context = mock();
    when(context.getDisplayName()).thenReturn("-42");
    AssertionError failure = new AssertionError("expected 1");

    assertThatThrownBy(
            () -> new RandomCases.SeedOfFailure().handleTestExecutionException(context, failure))
        .hasMessage("Repeat with -Dtest.seed=-42: java.lang.AssertionError: expected 1")
        .hasCause(failure);
  }
}
