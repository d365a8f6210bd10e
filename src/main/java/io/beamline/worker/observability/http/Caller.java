package io.beamline.worker.observability.http;

import java.security.Principal;
import org.springframework.boot.actuate.endpoint.SecurityContext;

/** Who calls an endpoint. Pure. */
public final class Caller {

  private Caller() {}

  /** Returns the name of the login; {@code unknown} without one. */
  public static String name(SecurityContext caller) {
    Principal principal = caller.getPrincipal();
    return principal == null ? "unknown" : principal.getName();
  }
}
