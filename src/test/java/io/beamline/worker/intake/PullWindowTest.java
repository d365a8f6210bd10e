package io.beamline.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.RandomCases;
import io.beamline.worker.support.RandomValues;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many messages the intake asks for. */
class PullWindowTest {

  private static final Duration EXPIRES = Duration.ofNanos(100);

  /**
   * Steps: {@code +n} time passes, {@code d} × n are delivered, {@code ?n} asks for n, {@code en:m}
   * request n ends with m undelivered.
   */
  @ParameterizedTest
  @CsvSource({
    "at once the whole window,                 ?10",
    "nothing while enough are on their way,    ?10 ?0 d4 ?0",
    "the rest when half is used up,            ?10 d5 ?5 ?0",
    "all when all was delivered,               ?10 d10 ?10 ?0",
    "all when the request has expired,         ?10 +99 ?0 +1 ?10",
    "only what expired,                        ?10 d5 ?5 +50 d5 ?5 +50 ?5",
    "what an expired request did not deliver,  ?10 d3 +100 ?10 ?0",
    "nothing more for messages that came late, ?10 +100 d2 ?10 ?0",
    "a delivery without a request is nothing,  d3 ?10 ?0",
    "all when the request has ended,           ?10 d2 e1:8 ?10 ?0",
    "an end twice told is nothing,             ?10 d2 e1:8 ?10 e1:0 ?0",
    "what the ended request did not deliver,   ?10 d5 ?5 d3 e2:5 ?8",
    "what others delivered in its name,        ?10 d6 ?6 d4 e1:4 ?8"
  })
  void asks(String what, String steps) {
    PullWindow window = new PullWindow(10, EXPIRES);
    long now = Long.MAX_VALUE - 120;
    for (String step : steps.split(" ", -1)) {
      String[] numbers = step.substring(1).split(":", -1);
      int number = Integer.parseInt(numbers[0]);
      switch (step.charAt(0)) {
        case '+' -> now += number;
        case 'd' -> {
          for (int i = 0; i < number; i++) {
            window.delivered(0);
          }
        }
        case 'e' -> window.ended(number, Integer.parseInt(numbers[1]));
        default -> assertThat(ask(window, now)).as(what + " at " + step).isEqualTo(number);
      }
    }
  }

  @Test
  void tellsHowLongARequestTookThatIsComplete() {
    PullWindow window = new PullWindow(10, EXPIRES);
    window.requested(2, 100);
    window.requested(1, 130);

    assertThat(window.delivered(140)).isNull();
    assertThat(window.delivered(150)).isEqualTo(Duration.ofNanos(50));
    assertThat(window.delivered(160)).isEqualTo(Duration.ofNanos(30));
    assertThat(window.delivered(170)).isNull();
  }

  /** A server that delivers what it may, and forgets a request when it expires. */
  @RandomCases(500)
  void neverStarvesAndNeverAsksForMoreThanTheWindow(RandomValues random) {
    int size = random.between(1, 600);
    List<Integer> choices = random.list(0, 200, random::nextInt);
    PullWindow window = new PullWindow(size, EXPIRES);
    Deque<long[]> requests = new ArrayDeque<>();
    long now = 0;
    for (int choice : choices) {
      now += Math.floorMod(choice, 40);
      long clock = now;
      requests.removeIf(request -> clock - request[1] >= 0 || request[0] == 0);
      int asked = ask(window, now);
      if (asked > 0) {
        requests.add(new long[] {asked, now + EXPIRES.toNanos()});
      }
      long open = requests.stream().mapToLong(request -> request[0]).sum();
      assertThat(asked).isBetween(0, size);
      assertThat(open).isLessThanOrEqualTo(size).isGreaterThan(0);
      for (int i = Math.floorMod(choice >> 8, size + 1); i > 0 && !requests.isEmpty(); i--) {
        window.delivered(0);
        if (--requests.element()[0] == 0) {
          requests.remove();
        }
      }
    }
  }

  private static int ask(PullWindow window, long now) {
    int wanted = window.wanted(now);
    if (wanted > 0) {
      window.requested(wanted, now);
    }
    return wanted;
  }
}
