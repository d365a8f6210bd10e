package io.beamline.worker.security;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.web.servlet.HandlerAdapter;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Makes what requests to both ports need, once the worker takes assignments and before it says that
 * it is ready. Made earlier, it would keep the first assignments waiting; made later, the first
 * probe. What cannot be made stops the start. Used by the thread that starts the worker.
 */
final class FirstRequests implements ApplicationListener<ApplicationEvent> {

  private static final String SECURITY = "springSecurityFilterChain";

  private final List<ApplicationContext> ports = new CopyOnWriteArrayList<>();

  @Override
  public void onApplicationEvent(ApplicationEvent event) {
    switch (event) {
      case WebServerInitializedEvent opened -> ports.add(opened.getApplicationContext());
      case ApplicationReadyEvent ready -> ports.forEach(FirstRequests::prepare);
      default -> {}
    }
  }

  private static void prepare(ApplicationContext port) {
    port.getBeansOfType(HandlerMapping.class);
    port.getBeansOfType(HandlerAdapter.class);
    port.getBeansOfType(HandlerExceptionResolver.class);
    port.getBean(SECURITY);
  }
}
