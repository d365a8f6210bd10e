package io.beamline.worker.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.support.FakeTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/** Who may go on guessing. */
class ThrottledAuthenticationTest {

  private final AtomicInteger checked = new AtomicInteger();
  private final FakeTime time = new FakeTime();
  private final ThrottledAuthentication login =
      new ThrottledAuthentication(
          new Refusing(), "admin", time, new LogThrottle(time, Duration.ofMinutes(1)));

  @Test
  void refusesAfterTenFromOneAddress() {
    assertThat(guesses(11, guess -> "name " + guess, guess -> "10.0.0.1")).isEqualTo(10);
    time.advance(Duration.ofMinutes(1));
    assertThat(guesses(1, guess -> "name", guess -> "10.0.0.1")).isEqualTo(1);
  }

  @Test
  void refusesAfterFiftyOnTheAdministratorHoweverTheNameIsWritten() {
    assertThat(guesses(60, guess -> guess % 2 == 0 ? "admin" : "Admin", guess -> "10.0.0." + guess))
        .isEqualTo(50);
  }

  @Test
  void countsANetworkOfIpv6AsOneClient() {
    assertThat(guesses(60, guess -> "admin", guess -> "2001:db8:0:7::" + guess)).isEqualTo(10);
    assertThat(guesses(1, guess -> "admin", guess -> "2001:db8:0:8::1")).isEqualTo(1);
  }

  @Test
  void countsNoOtherName() {
    assertThat(guesses(60, guess -> "somebody", guess -> "10.0.0." + guess)).isEqualTo(60);
    assertThat(guesses(1, guess -> "admin", guess -> "10.0.1.1")).isEqualTo(1);
  }

  /** How many of these guesses were checked. */
  private int guesses(int count, IntFunction<String> name, IntFunction<String> address) {
    int before = checked.get();
    for (int guess = 0; guess < count; guess++) {
      var attempt = new UsernamePasswordAuthenticationToken(name.apply(guess), "wrong");
      attempt.setDetails(new WebAuthenticationDetails(address.apply(guess), null));
      assertThat(catchThrowable(() -> login.authenticate(attempt))).isNotNull();
    }
    return checked.get() - before;
  }

  /** Knows nobody. */
  private final class Refusing implements AuthenticationProvider {

    @Override
    public Authentication authenticate(Authentication attempt) {
      checked.incrementAndGet();
      throw new BadCredentialsException("no");
    }

    @Override
    public boolean supports(Class<?> authentication) {
      return true;
    }
  }
}
