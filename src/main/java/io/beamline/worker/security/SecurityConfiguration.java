package io.beamline.worker.security;

import io.beamline.worker.config.WorkerProperties;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.timeout.TimeSource;
import jakarta.servlet.DispatcherType;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.SimpleUrlAuthenticationFailureHandler;
import org.springframework.security.web.authentication.UsernamePasswordAuthenticationFilter;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * The rules of both ports (contract section 9). Every other request is refused. Only the console
 * has sessions, and only after a login, so that nobody else can fill the memory with them. {@link
 * FirstRequests} has the rules made.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

  private static final String CONSOLE = "/togglz-console";
  private static final String FAILED_LOGIN = "/login?error";

  /** The endpoints that change something or show details, and need a login. */
  private static final String[] BEHIND_LOGIN = {
    "togglz", "intake", "assignments", "destinations", "deadletters"
  };

  @Bean
  AuthenticationProvider administrator(
      WorkerProperties settings, TimeSource time, LogThrottle logs) {
    return new ThrottledAuthentication(
        Administrator.provider(settings.admin()), settings.admin().username(), time, logs);
  }

  /** The management port. */
  @Bean
  @Lazy
  @Order(1)
  SecurityFilterChain managementRules(HttpSecurity http) {
    return stateless(http)
        .securityMatcher(
            new OrRequestMatcher(EndpointRequest.toAnyEndpoint(), new ManagementRequests()))
        .httpBasic(
            basic ->
                basic.authenticationEntryPoint(
                    (request, response, failure) ->
                        RefusalResponse.unauthorized(response, failure)))
        .exceptionHandling(refused -> refused.authenticationEntryPoint(askForLoginWhereItHelps()))
        .authorizeHttpRequests(
            rules ->
                rules
                    .dispatcherTypeMatchers(DispatcherType.ERROR)
                    .permitAll()
                    .requestMatchers(
                        EndpointRequest.to("health", "info", "prometheus", "rollout", "contract"))
                    .permitAll()
                    .requestMatchers(HttpMethod.GET, "/metrics")
                    .permitAll()
                    .requestMatchers(HttpMethod.HEAD, "/metrics")
                    .permitAll()
                    .requestMatchers(EndpointRequest.to(BEHIND_LOGIN))
                    .hasRole(Administrator.ROLE)
                    .anyRequest()
                    .denyAll())
        .build();
  }

  /** The console and its login. A session comes with the login, and not before. */
  @Bean
  @Lazy
  @Order(2)
  SecurityFilterChain consoleRules(HttpSecurity http) {
    return http.securityMatcher(CONSOLE, CONSOLE + "/**", "/login", "/logout", "/default-ui.css")
        .csrf(csrf -> csrf.csrfTokenRepository(tokenInACookie()))
        .requestCache(cache -> cache.disable())
        .formLogin(
            login ->
                login
                    .defaultSuccessUrl(CONSOLE + "/index")
                    .failureUrl(FAILED_LOGIN)
                    .withObjectPostProcessor(throttled(failedLogin())))
        .authorizeHttpRequests(rules -> rules.anyRequest().hasRole(Administrator.ROLE))
        .build();
  }

  /** Everything else on the main port. */
  @Bean
  @Lazy
  @Order(3)
  SecurityFilterChain otherRules(HttpSecurity http) {
    return stateless(http)
        .authorizeHttpRequests(
            rules ->
                rules
                    .dispatcherTypeMatchers(DispatcherType.ERROR)
                    .permitAll()
                    .requestMatchers(HttpMethod.GET, "/_health")
                    .permitAll()
                    .requestMatchers(HttpMethod.HEAD, "/_health")
                    .permitAll()
                    .anyRequest()
                    .denyAll())
        .build();
  }

  /**
   * Rules without sessions, which answer a refused request with 404. They need no CSRF token: all
   * changes need JSON with HTTP Basic. Reading a token would also read the body of a stranger.
   */
  private static HttpSecurity stateless(HttpSecurity http) {
    return http.sessionManagement(
            sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .csrf(csrf -> csrf.disable())
        .requestCache(cache -> cache.disable())
        .logout(logout -> logout.disable())
        .exceptionHandling(
            refused ->
                refused
                    .accessDeniedHandler(
                        (request, response, denied) ->
                            RefusalResponse.write(response, HttpStatus.FORBIDDEN))
                    .authenticationEntryPoint(
                        (request, response, failure) ->
                            RefusalResponse.write(response, HttpStatus.NOT_FOUND)));
  }

  private static CookieCsrfTokenRepository tokenInACookie() {
    CookieCsrfTokenRepository tokens = new CookieCsrfTokenRepository();
    tokens.setCookieCustomizer(cookie -> cookie.sameSite("Strict"));
    return tokens;
  }

  private static AuthenticationEntryPoint askForLoginWhereItHelps() {
    RequestMatcher behindLogin = EndpointRequest.to(BEHIND_LOGIN);
    return (request, response, failure) -> {
      if (behindLogin.matches(request)) {
        RefusalResponse.unauthorized(response, failure);
      } else {
        RefusalResponse.write(response, HttpStatus.NOT_FOUND);
      }
    };
  }

  /**
   * Sets the handler on the filter. If it were set on the configurer, the login page would show no
   * error any more.
   */
  private static ObjectPostProcessor<UsernamePasswordAuthenticationFilter> throttled(
      AuthenticationFailureHandler handler) {
    return new ObjectPostProcessor<>() {
      @Override
      public <F extends UsernamePasswordAuthenticationFilter> F postProcess(F filter) {
        filter.setAuthenticationFailureHandler(handler);
        return filter;
      }
    };
  }

  private static AuthenticationFailureHandler failedLogin() {
    SimpleUrlAuthenticationFailureHandler back =
        new SimpleUrlAuthenticationFailureHandler(FAILED_LOGIN);
    back.setAllowSessionCreation(false);
    return (request, response, failure) -> {
      if (failure instanceof TooManyAttemptsException) {
        RefusalResponse.unauthorized(response, failure);
      } else {
        back.onAuthenticationFailure(request, response, failure);
      }
    };
  }
}
