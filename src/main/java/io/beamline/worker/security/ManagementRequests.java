package io.beamline.worker.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Supplier;
import org.springframework.boot.security.web.servlet.ApplicationContextRequestMatcher;
import org.springframework.context.ApplicationContext;

/** Matches every request on the management port. */
final class ManagementRequests extends ApplicationContextRequestMatcher<ApplicationContext> {

  ManagementRequests() {
    super(ApplicationContext.class);
  }

  @Override
  protected boolean matches(HttpServletRequest request, Supplier<ApplicationContext> context) {
    return hasServerNamespace(context.get(), "management");
  }
}
