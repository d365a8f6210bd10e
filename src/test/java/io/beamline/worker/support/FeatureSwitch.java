package io.beamline.worker.support;

import java.net.http.HttpResponse;

/** Switches a worker's flags while it runs, as an operator would. Thread-safe. */
public final class FeatureSwitch {

  private final Operator operator;

  /** The flags of a worker. */
  public FeatureSwitch(WorkerProcess worker) {
    this.operator = new Operator(worker);
  }

  /** Turns a flag on or off; it is so when this returns. */
  public void set(String flag, boolean enabled) {
    HttpResponse<String> answer =
        operator.post("/actuator/togglz/" + flag, "{\"enabled\": " + enabled + "}");
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("the switch answers " + answer.statusCode());
    }
  }
}
