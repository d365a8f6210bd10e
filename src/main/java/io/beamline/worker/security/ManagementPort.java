package io.beamline.worker.security;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/**
 * Adds {@code /metrics} to the management port and removes Tomcat's error pages (contract section
 * 9). Registered as a management configuration and deliberately no {@code @Configuration}: the main
 * port must not find it.
 */
class ManagementPort {

  @Bean
  ServletRegistrationBean<HttpServlet> metricsAliasServlet() {
    return new ServletRegistrationBean<>(new MetricsAlias(), "/metrics");
  }

  @Bean
  FilterRegistrationBean<ScrapeLimit> scrapeLimit() {
    FilterRegistrationBean<ScrapeLimit> limit = new FilterRegistrationBean<>(new ScrapeLimit());
    limit.addUrlPatterns("/actuator/prometheus", "/actuator/rollout");
    limit.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.FORWARD);
    limit.setOrder(Ordered.HIGHEST_PRECEDENCE);
    return limit;
  }

  @Bean
  PortCustomizer managementPortCustomizer() {
    return new PortCustomizer();
  }

  /** Forwards to the endpoint. */
  private static final class MetricsAlias extends HttpServlet {

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws ServletException, IOException {
      request.getRequestDispatcher("/actuator/prometheus").forward(request, response);
    }

    @Override
    protected void doHead(HttpServletRequest request, HttpServletResponse response)
        throws ServletException, IOException {
      doGet(request, response);
    }
  }
}
