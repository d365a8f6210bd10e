package io.beamline.worker.security;

import io.beamline.worker.config.WorkerProperties.Admin;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authentication.dao.DaoAuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.util.function.SingletonSupplier;

/**
 * The only user (contract section 8). Its password is hashed with the first login, because that
 * takes a tenth of a second. If no password is set, one is generated and logged once.
 */
final class Administrator {

  static final String ROLE = "ADMIN";

  private static final Logger log = LoggerFactory.getLogger(Administrator.class);
  private static final int GENERATED_BYTES = 18;

  private Administrator() {}

  /** Returns the provider that checks name and password. */
  static AuthenticationProvider provider(Admin settings) {
    String password = passwordOf(settings);
    return new FirstUse(() -> provider(settings.username(), password));
  }

  private static AuthenticationProvider provider(String name, String password) {
    PasswordEncoder encoder = new BCryptPasswordEncoder();
    UserDetails user =
        User.withUsername(name).password(encoder.encode(password)).roles(ROLE).build();
    var provider = new DaoAuthenticationProvider(new InMemoryUserDetailsManager(user));
    provider.setPasswordEncoder(encoder);
    return provider;
  }

  private static String passwordOf(Admin settings) {
    if (!settings.password().isEmpty()) {
      return settings.password();
    }
    byte[] random = new byte[GENERATED_BYTES];
    new SecureRandom().nextBytes(random);
    String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    log.warn(
        "worker.admin.password is not set; until the next start it is {} for the user {}",
        password,
        settings.username());
    return password;
  }

  /** Makes the provider for the first login. Thread-safe. */
  private static final class FirstUse implements AuthenticationProvider {

    private final Supplier<AuthenticationProvider> provider;

    FirstUse(Supplier<AuthenticationProvider> provider) {
      this.provider = SingletonSupplier.of(provider);
    }

    @Override
    public @Nullable Authentication authenticate(Authentication attempt) {
      return provider.get().authenticate(attempt);
    }

    @Override
    public boolean supports(Class<?> type) {
      return UsernamePasswordAuthenticationToken.class.isAssignableFrom(type);
    }
  }
}
