package io.beamline.worker.destination;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A destination opens, is tried, closes, and lets those who wait go on in order. */
class DestinationTest {

  private static final String NAME = "https://api.example.org:443";
  private static final Duration OPEN_FOR = Duration.ofSeconds(10);
  private static final BreakerRule RULE = new BreakerRule(20, 5, 50, OPEN_FOR, 3);

  private final FakeTime time = new FakeTime();
  private final HandTimer timer = new HandTimer(time);
  private final TestCapacities capacities = new TestCapacities();
  private final List<String> changes = new ArrayList<>();

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  @Test
  void opensWhenHalfOfTheAttemptsFailedAndNotBefore() {
    Destinations all = destinations(new DestinationLimits(RULE, 0, 0, 20, 10));
    attempts(all, AttemptVerdict.WORKED, 3);
    attempts(all, AttemptVerdict.FAILED, 2);
    attempts(all, AttemptVerdict.NOTHING, 10);
    assertThat(state(all)).isEqualTo(BreakerState.CLOSED);
    attempts(all, AttemptVerdict.FAILED, 1);
    assertThat(state(all)).isEqualTo(BreakerState.OPEN);
    assertThat(view(all).attempts()).isEqualTo(6);
    assertThat(view(all).failureRate()).isEqualTo(50.0);
    assertThat(changes).containsExactly("closed>open");
  }

  @Test
  void needsTheMinimum() {
    Destinations all = destinations(new DestinationLimits(RULE, 0, 0, 20, 10));
    attempts(all, AttemptVerdict.FAILED, 4);
    assertThat(state(all)).isEqualTo(BreakerState.CLOSED);
    attempts(all, AttemptVerdict.FAILED, 1);
    assertThat(state(all)).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void refusesWhoDoesNotWaitAndSaysWhenToComeAgain() {
    Destinations all = opened();
    timer.pass(Duration.ofSeconds(4));
    Admission answer = all.enter(NAME, new Guest(false));
    assertThat(answer).isEqualTo(new Admission.NotTried(new Refusal(NAME, Duration.ofSeconds(6))));
  }

  @Test
  void triesWithAsManyAsThereAreTrialsAndReleasesTheOthersWhenItCloses() {
    Destinations all = opened();
    List<Guest> guests = park(all, 6);
    timer.pass(OPEN_FOR);
    assertThat(guests).allMatch(guest -> guest.permit == null);
    timer.pass(Duration.ofSeconds(1).plusMillis(1));
    assertThat(state(all)).isEqualTo(BreakerState.HALF_OPEN);
    assertThat(guests.stream().map(guest -> guest.permit != null))
        .containsExactly(true, true, true, false, false, false);
    assertThat(all.enter(NAME, new Guest(true))).isInstanceOf(Admission.MustWait.class);

    guests.subList(0, 3).forEach(guest -> guest.giveBack(AttemptVerdict.WORKED));

    assertThat(state(all)).isEqualTo(BreakerState.CLOSED);
    assertThat(guests.subList(3, 6)).allMatch(guest -> OPEN_FOR.equals(guest.spread));
    assertThat(all.enter(NAME, new Guest(true))).isInstanceOf(Admission.Granted.class);
    assertThat(changes).containsExactly("closed>open", "open>half_open", "half_open>closed");
  }

  @Test
  void opensAgainWhenTheTrialsFailAndAsksWhoStillWaits() {
    Destinations all = opened();
    List<Guest> guests = park(all, 5);
    timer.pass(OPEN_FOR.plusSeconds(2));
    guests.get(3).waits = false;
    guests.subList(0, 2).forEach(guest -> guest.giveBack(AttemptVerdict.FAILED));
    guests.get(2).giveBack(AttemptVerdict.WORKED);
    assertThat(state(all)).isEqualTo(BreakerState.OPEN);
    assertThat(guests.get(3).refusal).isEqualTo(new Refusal(NAME, OPEN_FOR));
    assertThat(guests.get(4).refusal).isNull();
    timer.pass(OPEN_FOR.plusSeconds(2));
    assertThat(guests.get(4).permit).isNotNull();
  }

  @Test
  void givesATrialThatSaysNothingToTheNext() {
    Destinations all = opened();
    List<Guest> guests = park(all, 4);
    timer.pass(OPEN_FOR.plusSeconds(2));
    guests.get(0).giveBack(AttemptVerdict.NOTHING);
    assertThat(guests.get(3).permit).isNotNull();
    guests.subList(1, 4).forEach(guest -> guest.giveBack(AttemptVerdict.WORKED));
    assertThat(state(all)).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void anAttemptFromBeforeSaysNothingAboutLater() {
    Destinations all = destinations(new DestinationLimits(RULE, 0, 0, 20, 10));
    List<Permit> slow = IntStream.range(0, 10).mapToObj(i -> granted(all)).toList();
    attempts(all, AttemptVerdict.FAILED, 5);
    timer.pass(OPEN_FOR.plusSeconds(2));
    assertThat(state(all)).isEqualTo(BreakerState.HALF_OPEN);
    slow.subList(0, 5).forEach(permit -> permit.giveBack(AttemptVerdict.FAILED));
    slow.subList(5, 10).forEach(permit -> permit.giveBack(AttemptVerdict.NOTHING));
    assertThat(state(all)).isEqualTo(BreakerState.HALF_OPEN);
    assertThat(view(all).inFlight()).isZero();
    List<Permit> trials = IntStream.range(0, 3).mapToObj(i -> granted(all)).toList();
    assertThat(all.enter(NAME, new Guest(true))).isInstanceOf(Admission.MustWait.class);
    trials.forEach(permit -> permit.giveBack(AttemptVerdict.WORKED));
    assertThat(state(all)).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void limitsTheAttemptsAtOnceInOrderOfArrival() {
    Destinations all = destinations(new DestinationLimits(RULE, 2, 0, 20, 10));
    Permit first = granted(all);
    Permit second = granted(all);
    List<Guest> guests = park(all, 3);
    assertThat(view(all).waiting()).isEqualTo(3);
    assertThat(view(all).parked()).isZero();
    first.giveBack(AttemptVerdict.WORKED);
    first.giveBack(AttemptVerdict.WORKED);
    assertThat(guests.stream().map(guest -> guest.permit != null))
        .containsExactly(true, false, false);
    guests.get(1).leave();
    second.giveBack(AttemptVerdict.WORKED);
    assertThat(guests.stream().map(guest -> guest.permit != null))
        .containsExactly(true, false, true);
    assertThat(view(all).inFlight()).isZero();
    Objects.requireNonNull(guests.get(0).permit).started();
    assertThat(view(all).inFlight()).isEqualTo(1);
  }

  @Test
  void countsWhatHangsTowardsTheCapacity() {
    Destinations all = destinations(new DestinationLimits(RULE, 0, 0, 20, 10));
    capacities.most = 4;
    Permit first = granted(all);
    capacities.hanging = 2;
    Permit second = granted(all);
    List<Guest> guests = park(all, 2);
    first.giveBack(AttemptVerdict.NOTHING);
    capacities.hanging = 3;
    second.giveBack(AttemptVerdict.NOTHING);
    assertThat(guests.stream().map(guest -> guest.permit != null)).containsExactly(true, false);
    capacities.hanging = 4;
    guests.get(0).giveBack(AttemptVerdict.NOTHING);
    timer.pass(Duration.ofSeconds(10));
    assertThat(guests.get(1).permit).isNull();
    capacities.hanging = 3;
    timer.pass(Duration.ofSeconds(1));
    assertThat(guests.get(1).permit).isNotNull();
  }

  @Test
  void limitedOnesComeBackWithinTheLimitWhenTheBreakerCloses() {
    Destinations all = destinations(new DestinationLimits(RULE, 4, 0, 20, 10));
    attempts(all, AttemptVerdict.FAILED, 5);
    List<Guest> guests = park(all, 10);
    timer.pass(OPEN_FOR.plusSeconds(2));
    guests.subList(0, 3).forEach(guest -> guest.giveBack(AttemptVerdict.WORKED));
    assertThat(state(all)).isEqualTo(BreakerState.CLOSED);
    assertThat(guests.stream().filter(guest -> guest.permit != null)).hasSize(7);
    assertThat(guests).allMatch(guest -> guest.spread == null);
  }

  @Test
  void limitsTheAttemptsASecond() {
    Destinations all = destinations(new DestinationLimits(RULE, 0, 50, 20, 10));
    granted(all).giveBack(AttemptVerdict.WORKED);
    Guest next = new Guest(true);
    assertThat(all.enter(NAME, next)).isInstanceOf(Admission.MustWait.class);
    all.of(NAME).await(next);
    assertThat(next.permit).isNull();
    timer.pass(Duration.ofMillis(21));
    assertThat(next.permit).isNotNull();
    int starts = 0;
    for (int i = 0; i < 1_000; i++) {
      timer.pass(Duration.ofMillis(1));
      if (all.enter(NAME, new Guest(true)) instanceof Admission.Granted) {
        starts++;
      }
    }
    assertThat(starts).isBetween(49, 51);
  }

  @Test
  void keepsAHalfOpenDestinationWithARateGoing() {
    Destinations all = destinations(new DestinationLimits(RULE, 0, 1, 20, 10));
    for (int i = 0; i < 5; i++) {
      granted(all).giveBack(AttemptVerdict.FAILED);
      timer.pass(Duration.ofSeconds(1));
    }
    timer.pass(OPEN_FOR);
    granted(all).giveBack(AttemptVerdict.WORKED);
    List<Guest> guests = park(all, 2);
    timer.pass(Duration.ofSeconds(1));
    Objects.requireNonNull(guests.get(0).permit).started();
    guests.get(0).giveBack(AttemptVerdict.WORKED);
    timer.pass(Duration.ofSeconds(1));
    guests.get(1).giveBack(AttemptVerdict.WORKED);
    assertThat(state(all)).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void savesUpNoRateForStepsWithoutASlot() {
    Destinations all = destinations(new DestinationLimits(RULE, 0, 10, 20, 10));
    granted(all).giveBack(AttemptVerdict.WORKED);
    List<Guest> guests = park(all, 30);
    timer.pass(Duration.ofSeconds(30));
    assertThat(guests.stream().filter(guest -> guest.permit != null)).hasSize(2);
    assertThat(view(all).inFlight()).isZero();
    Objects.requireNonNull(guests.get(0).permit).started();
    assertThat(view(all).inFlight()).isEqualTo(1);
    timer.pass(Duration.ofMillis(1));
    assertThat(guests.stream().filter(guest -> guest.permit != null)).hasSize(3);
  }

  @Test
  void opensForFailuresOnlyAndNotForSlowAnswers() {
    Destinations all = destinations(new DestinationLimits(RULE, 0, 0, 20, 10));
    List<Permit> slow = IntStream.range(0, 20).mapToObj(i -> granted(all)).toList();
    timer.pass(Duration.ofMinutes(10));
    slow.forEach(permit -> permit.giveBack(AttemptVerdict.WORKED));
    assertThat(state(all)).isEqualTo(BreakerState.CLOSED);
    assertThat(view(all).slowestMs()).isEqualTo(600_000);
  }

  @Test
  void anAttemptUnderAForcedStateSaysNothingAfterIt() {
    Destinations all = destinations(new DestinationLimits(RULE, 0, 0, 20, 10));
    all.force(NAME, ForcedState.CLOSED);
    List<Permit> before = IntStream.range(0, 20).mapToObj(i -> granted(all)).toList();
    all.force(NAME, ForcedState.AUTO);
    before.forEach(permit -> permit.giveBack(AttemptVerdict.FAILED));
    assertThat(state(all)).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void staysOpenAsLongAsAnOperatorSaysAndClosesWhenTheyDo() {
    Destinations all = destinations(new DestinationLimits(RULE, 0, 0, 20, 10));
    all.force(NAME, ForcedState.OPEN);
    assertThat(all.enter(NAME, new Guest(false)))
        .isEqualTo(new Admission.NotTried(new Refusal(NAME, null)));
    List<Guest> guests = park(all, 2);
    timer.pass(Duration.ofHours(1));
    assertThat(state(all)).isEqualTo(BreakerState.OPEN);
    all.force(NAME, ForcedState.AUTO);
    assertThat(guests).allMatch(guest -> guest.spread != null);
    all.force(NAME, ForcedState.CLOSED);
    attempts(all, AttemptVerdict.FAILED, 100);
    assertThat(state(all)).isEqualTo(BreakerState.CLOSED);
    all.force(NAME, ForcedState.AUTO);
    attempts(all, AttemptVerdict.FAILED, 5);
    assertThat(state(all)).isEqualTo(BreakerState.OPEN);
    assertThat(changes).startsWith("closed>open forced", "open>closed forced");
  }

  @Test
  void allowsRetriesInProportionToFirstAttempts() {
    Destinations all = destinations(new DestinationLimits(RULE, 0, 0, 20, 10));
    attempts(all, AttemptVerdict.WORKED, 20);
    assertThat(retries(all, 100)).isEqualTo(10);
    timer.pass(Duration.ofSeconds(10));
    attempts(all, AttemptVerdict.WORKED, 100);
    assertThat(retries(all, 100)).isEqualTo(20);
    timer.pass(Duration.ofSeconds(5));
    assertThat(retries(all, 100)).isZero();
    timer.pass(Duration.ofSeconds(5));
    assertThat(retries(all, 100)).isEqualTo(10);
  }

  @Test
  void forgetsTheLeastRecentlyUsedThatAreClosedFirst() {
    Destinations all =
        new Destinations(
            new LimitRules(new DestinationLimits(RULE, 0, 0, 20, 10), List.of()),
            timer,
            time,
            (view, from, forced) -> {},
            () -> 0,
            Capacities.UNLIMITED,
            20);
    all.force("forced", ForcedState.OPEN);
    Permit inUse = granted(all, "in use");
    for (int i = 0; i < 5; i++) {
      granted(all, "dead").giveBack(AttemptVerdict.FAILED);
    }
    for (int i = 0; i < 60; i++) {
      timer.pass(Duration.ofMillis(1));
      granted(all, "host-" + i).giveBack(AttemptVerdict.WORKED);
    }
    List<String> names = all.views().stream().map(DestinationView::name).toList();
    assertThat(names).hasSize(20).contains("forced", "in use", "dead", "host-59", "host-43");
    inUse.giveBack(AttemptVerdict.WORKED);
    assertThat(all.view("in use")).isNotNull();
  }

  @Test
  void followsTheFirstOverrideThatMatches() {
    DestinationLimits narrow = new DestinationLimits(RULE, 1, 0, 20, 10);
    Destinations all =
        new Destinations(
            new LimitRules(
                new DestinationLimits(RULE, 0, 0, 20, 10),
                List.of(new LimitRules.LimitOverride("slow", NAME::equals, narrow))),
            timer,
            time,
            (view, from, forced) -> {},
            () -> 0,
            Capacities.UNLIMITED);
    Permit one = granted(all);
    assertThat(all.enter(NAME, new Guest(true))).isInstanceOf(Admission.MustWait.class);
    assertThat(all.enter("http://other:80", new Guest(true))).isInstanceOf(Admission.Granted.class);
    all.force(NAME, ForcedState.OPEN);
    assertThat(all.worst("slow")).isEqualTo(BreakerState.OPEN);
    assertThat(all.worst("none")).isEqualTo(BreakerState.CLOSED);
    one.giveBack(AttemptVerdict.WORKED);
    all.force(NAME, ForcedState.AUTO);
    assertThat(all.worst("slow")).isEqualTo(BreakerState.CLOSED);
  }

  private Destinations destinations(DestinationLimits limits) {
    return new Destinations(
        new LimitRules(limits, List.of()),
        timer,
        time,
        (view, from, forced) ->
            changes.add(
                from.wireName() + ">" + view.state().wireName() + (forced ? " forced" : "")),
        () -> 0.99,
        capacities);
  }

  private Destinations opened() {
    Destinations all = destinations(new DestinationLimits(RULE, 0, 0, 20, 10));
    attempts(all, AttemptVerdict.FAILED, 5);
    return all;
  }

  private static void attempts(Destinations all, AttemptVerdict verdict, int count) {
    for (int i = 0; i < count; i++) {
      granted(all).giveBack(verdict);
    }
  }

  private static Permit granted(Destinations all) {
    return granted(all, NAME);
  }

  private static Permit granted(Destinations all, String name) {
    Admission answer = all.enter(name, new Guest(true));
    assertThat(answer).isInstanceOf(Admission.Granted.class);
    return ((Admission.Granted) answer).permit();
  }

  private static List<Guest> park(Destinations all, int count) {
    List<Guest> guests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Guest guest = new Guest(true);
      assertThat(all.enter(NAME, guest)).isInstanceOf(Admission.MustWait.class);
      guest.at = all.of(NAME);
      guest.at.await(guest);
      guests.add(guest);
    }
    return guests;
  }

  private static int retries(Destinations all, int asked) {
    return (int) IntStream.range(0, asked).filter(i -> all.of(NAME).allowsRetry()).count();
  }

  private static BreakerState state(Destinations all) {
    return view(all).state();
  }

  private static DestinationView view(Destinations all) {
    return Objects.requireNonNull(all.view(NAME));
  }

  /** What a test says. */
  private static final class TestCapacities implements Capacities {

    private int most;
    private int hanging;

    @Override
    public int capacity(String destination) {
      return most;
    }

    @Override
    public int hanging(String destination) {
      return hanging;
    }
  }

  /** Somebody who waits or does not. */
  private static final class Guest implements Waiter {

    private boolean waits;
    private @Nullable Destination at;
    private @Nullable Permit permit;
    private @Nullable Duration spread;
    private @Nullable Refusal refusal;

    Guest(boolean waits) {
      this.waits = waits;
    }

    void giveBack(AttemptVerdict verdict) {
      Objects.requireNonNull(permit).giveBack(verdict);
    }

    void leave() {
      Objects.requireNonNull(at).leave(this);
    }

    @Override
    public boolean isFirstAttempt() {
      return true;
    }

    @Override
    public boolean waitsForBreaker(@Nullable Duration untilTrial) {
      return waits;
    }

    @Override
    public void granted(Permit granted) {
      permit = granted;
    }

    @Override
    public void released(Duration over) {
      spread = over;
    }

    @Override
    public void refused(Refusal why) {
      refusal = why;
    }
  }
}
