package io.beamline.worker.fault;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The two settings that every fault is tried with. */
enum Flags {
  OFF(false),
  ON(true);

  private static final List<String> NAMES =
      List.of(
          "CP2_ADVANCED_RETRY_ENABLED",
          "CP2_COMPLETE_TIMEOUT_ENABLED",
          "CP2_QUEUE_MANAGEMENT_ENABLED");

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
    return NAMES.stream().collect(Collectors.toMap(name -> name, name -> String.valueOf(on)));
  }

  /** How the table calls them. */
  String label() {
    return on ? "on" : "off";
  }
}
