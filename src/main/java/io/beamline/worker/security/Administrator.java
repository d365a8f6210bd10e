package io.beamline.worker.security;

import io.beamline.worker.config.WorkerProperties.Admin;
import java.security.SecureRandom;
import java.util.Base64;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.dao.DaoAuthenticationProvider;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

/**
 * The only user (contract section 8). Only a hash of the password is kept. If no password is set,
 * one is generated and logged once.
 */
final class Administrator {

  static final String ROLE = "ADMIN";

  private static final Logger log = LoggerFactory.getLogger(Administrator.class);
  private static final int GENERATED_BYTES = 18;

  private Administrator() {}

  /** Returns the provider that checks name and password. */
  static AuthenticationProvider provider(Admin settings) {
    PasswordEncoder encoder = new BCryptPasswordEncoder();
    UserDetails user =
        User.withUsername(settings.username())
            .password(encoder.encode(passwordOf(settings)))
            .roles(ROLE)
            .build();
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
}
