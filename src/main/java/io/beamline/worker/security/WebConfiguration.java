package io.beamline.worker.security;

import io.beamline.worker.config.WorkerProperties;
import io.beamline.worker.rollout.RolloutEndpoint;
import io.beamline.worker.timeout.TimeSource;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.error.ErrorAttributes;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.function.RequestPredicate;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;
import tools.jackson.databind.json.JsonMapper;

/** Routes of the main port besides the console (contract section 9). */
@Configuration(proxyBeanMethods = false)
class WebConfiguration {

  private static final String CONSOLE = "/togglz-console";

  private static final RequestPredicate GET_OR_HEAD =
      RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD);

  @Bean
  RouterFunction<ServerResponse> healthRoute(TimeSource time) {
    return RouterFunctions.route()
        .route(
            RequestPredicates.path("/_health").and(GET_OR_HEAD),
            request -> ServerResponse.ok().body(alive(time)))
        .build();
  }

  @Bean
  RouterFunction<ServerResponse> errorRoute() {
    return RouterFunctions.route(RequestPredicates.path("/error"), TerseErrors::answer);
  }

  /** Replaces Spring Boot's error pages. */
  @Bean
  ErrorController errors() {
    return new ErrorController() {};
  }

  @Bean
  ErrorAttributes errorAttributes() {
    return new TerseErrors();
  }

  /**
   * Looks for the report when somebody asks for it: filters are made while the web server starts,
   * and half of the worker would be made with them.
   */
  @Bean
  FilterRegistrationBean<ConsolePageFilter> consolePageFilter(
      WorkerProperties worker,
      ObjectProvider<RolloutEndpoint> rollout,
      ObjectProvider<JsonMapper> json) {
    FilterRegistrationBean<ConsolePageFilter> filter =
        new FilterRegistrationBean<>(
            new ConsolePageFilter(
                CONSOLE,
                worker.id(),
                () -> json.getObject().writeValueAsBytes(rollout.getObject().report())));
    filter.addUrlPatterns(CONSOLE + "/*");
    return filter;
  }

  /**
   * Keeps Spring from making an implementation of Bean Validation for each port: no request is
   * checked by one.
   */
  @Bean
  WebMvcConfigurer withoutValidator() {
    return new WebMvcConfigurer() {
      @Override
      public Validator getValidator() {
        return new NothingValidated();
      }
    };
  }

  @Bean
  FirstRequests firstRequests() {
    return new FirstRequests();
  }

  @Bean
  PortCustomizer mainPortCustomizer() {
    return new PortCustomizer();
  }

  private static Map<String, Object> alive(TimeSource time) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", "healthy");
    body.put("timestamp", Instant.ofEpochMilli(time.epochMillis()).toString());
    return body;
  }

  /** Finds no fault with anything. */
  private static final class NothingValidated implements Validator {

    @Override
    public boolean supports(Class<?> type) {
      return false;
    }

    @Override
    public void validate(Object target, Errors errors) {
      throw new UnsupportedOperationException();
    }
  }
}
