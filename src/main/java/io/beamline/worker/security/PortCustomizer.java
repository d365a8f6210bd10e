package io.beamline.worker.security;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Sets up Tomcat on the port that it is declared for: bounded connections, bodies that are left
 * unread, and short error responses instead of Tomcat's pages.
 */
final class PortCustomizer
    implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered {

  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    factory.setProtocol(WorkerHttpProtocol.class.getName());
    factory.addEngineValves(new UnreadBodyValve());
    factory.addContextCustomizers(
        context -> context.getParent().getPipeline().addValve(new TerseErrorValve()));
  }

  /** After Spring Boot's customizers, because the valve that is added last is asked first. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }
}
