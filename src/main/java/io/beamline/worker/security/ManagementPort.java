package io.beamline.worker.security;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;

/**
 * What the management port has besides the endpoints: {@code /metrics} (contract section 9), and no
 * error pages of Tomcat. Registered as a management configuration and deliberately no
 * {@code @Configuration}: the main port must not find it.
 */
class ManagementPort {

  @Bean
  ServletRegistrationBean<HttpServlet> metricsAliasServlet() {
    return new ServletRegistrationBean<>(new Forward(), "/metrics");
  }

  @Bean
  TerseServer terseManagementServer() {
    return new TerseServer();
  }

  /** Hands over to the endpoint. */
  private static final class Forward extends HttpServlet {

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws ServletException, IOException {
      request.getRequestDispatcher("/actuator/prometheus").forward(request, response);
    }
  }
}
