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
    done(post(flag, "{\"enabled\": " + enabled + "}"));
  }

  /** Turns a flag on for a share; it is so when this returns. */
  public void gradual(String flag, String percentage) {
    done(
        post(
            flag,
            "{\"enabled\": true, \"strategy\": \"gradual\", \"parameters\": \"percentage="
                + percentage
                + "\"}"));
  }

  /** Puts a flag back to its configuration; it is so when this returns. */
  public void putBack(String flag) {
    done(post(flag, "{\"reset\": true}"));
  }

  /** The answer to any change. */
  public HttpResponse<String> post(String flag, String json) {
    return operator.post("/actuator/togglz/" + flag, json);
  }

  private static void done(HttpResponse<String> answer) {
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(
          "the switch answers " + answer.statusCode() + ": " + answer.body());
    }
  }
}
