package io.beamline.worker.fault;

import io.beamline.worker.feature.WorkerFeature;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The settings that a fault is tried with. */
enum Flags {
  OFF(false),
  ON(true),
  /** All on, with the policy hold. */
  HOLD(true);

  /** What every fault is tried with. */
  static final List<Flags> USUAL = List.of(OFF, ON);

  /** What a fault is tried with that concerns the queue. */
  static final List<Flags> OF_QUEUES = List.of(OFF, ON, HOLD);

  private final boolean on;

  Flags(boolean on) {
    this.on = on;
  }

  /** Whether they are on. */
  boolean on() {
    return on;
  }

  /** The worker's environment that sets them. */
  Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    for (WorkerFeature flag : WorkerFeature.values()) {
      environment.put(flag.name(), String.valueOf(on));
    }
    if (this == HOLD) {
      environment.put("WORKER_QUEUE_REJECTION_POLICY", "hold");
    }
    return environment;
  }

  /** Whether a full queue rejects. */
  boolean rejects() {
    return this == ON;
  }

  /** How the table calls them. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
