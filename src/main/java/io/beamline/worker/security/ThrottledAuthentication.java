package io.beamline.worker.security;

import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/**
 * Limits login attempts: 10 a minute from one address, and 50 on the administrator's name. Further
 * attempts are refused unchecked until the minute is over. An attempt counts before it is checked,
 * so that parallel attempts gain nothing; a success clears the count.
 *
 * <p>Other names are not counted: they cannot succeed. Attempts from a refused address do not count
 * against the name, so that one address cannot lock the administrator out. Thread-safe.
 */
final class ThrottledAuthentication implements AuthenticationProvider {

  private static final Logger log = LoggerFactory.getLogger(ThrottledAuthentication.class);
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int PER_ADDRESS = 10;
  private static final int PER_ADMINISTRATOR = 50;
  private static final int MAX_ADDRESSES = 10_000;

  private final AuthenticationProvider provider;
  private final AttemptCounter addresses;
  private final AttemptCounter administratorAttempts;
  private final String administrator;
  private final LogThrottle logs;

  ThrottledAuthentication(
      AuthenticationProvider provider, String administrator, TimeSource time, LogThrottle logs) {
    this.provider = provider;
    this.administrator = administrator;
    this.addresses = new AttemptCounter(time, PER_ADDRESS, WINDOW, MAX_ADDRESSES);
    this.administratorAttempts = new AttemptCounter(time, PER_ADMINISTRATOR, WINDOW, 1);
    this.logs = logs;
  }

  @Override
  public @Nullable Authentication authenticate(Authentication attempt) {
    String address = address(attempt);
    String client = ClientNetwork.of(address);
    admit(client, address, attempt.getName());
    Authentication success;
    try {
      success = provider.authenticate(attempt);
    } catch (AuthenticationException e) {
      logLimited("Login failed", address);
      throw e;
    }
    addresses.forget(client);
    administratorAttempts.forget(administrator);
    return success;
  }

  @Override
  public boolean supports(Class<?> authentication) {
    return provider.supports(authentication);
  }

  private void admit(String client, String address, String user) {
    Duration wait = addresses.attempt(client);
    if (wait.isZero() && administrator.equalsIgnoreCase(user)) {
      wait = administratorAttempts.attempt(administrator);
    }
    if (!wait.isZero()) {
      logLimited("Login refused after too many attempts", address);
      throw new TooManyAttemptsException(wait);
    }
  }

  /** Leaves the user name out of the log: people type passwords there. */
  private void logLimited(String message, String address) {
    logs.log(log.atWarn().addKeyValue("remote_address", address), message);
  }

  private static String address(Authentication attempt) {
    return attempt.getDetails() instanceof WebAuthenticationDetails details
        ? String.valueOf(details.getRemoteAddress())
        : "unknown";
  }
}
