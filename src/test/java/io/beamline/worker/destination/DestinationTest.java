package io.beamline.worker.destination;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    assertThat(view(all).inFlight()).isEqualTo(2);
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
  void limitsTheAttemptsASecond() throws InterruptedException {
    Destinations all = destinations(new DestinationLimits(RULE, 0, 50, 20, 10));
    granted(all).giveBack(AttemptVerdict.WORKED);
    Guest next = new Guest(true);
    assertThat(all.enter(NAME, next)).isInstanceOf(Admission.MustWait.class);
    all.of(NAME).await(next);
    assertThat(next.permit).isNull();
    Thread.sleep(30); // the rate has a clock of its own
    timer.pass(Duration.ofMillis(20));
    assertThat(next.permit).isNotNull();
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
            () -> 0);
    Permit one = granted(all);
    assertThat(all.enter(NAME, new Guest(true))).isInstanceOf(Admission.MustWait.class);
    assertThat(all.enter("http://other:80", new Guest(true))).isInstanceOf(Admission.Granted.class);
    all.force(NAME, ForcedState.OPEN);
    assertThat(all.worst("slow")).isEqualTo(BreakerState.OPEN);
    assertThat(all.worst("none")).isEqualTo(BreakerState.CLOSED);
    one.giveBack(AttemptVerdict.WORKED);
    all.forceAll(Map.of());
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
        () -> 0.99);
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
