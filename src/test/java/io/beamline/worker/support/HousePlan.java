package io.beamline.worker.support;

import java.util.List;

/**
 * The rooms of the house: the packages below {@code io.beamline.worker}. A room includes the
 * packages below it, except those that are rooms themselves. The architecture test enforces the
 * order of the rooms, and the table in development.md is compared with them.
 */
public final class HousePlan {

  /** From the door inwards: a room knows the rooms of its own line and of the lines after it. */
  public static final List<List<String>> LINES =
      List.of(
          List.of("security", "startup", "command", "training", "deadletter", "kit"),
          List.of("intake"),
          List.of("queue", "cancellation"),
          List.of("execution"),
          List.of("suspect", "destination.control"),
          List.of("result", "flagstore", "block.nats"),
          List.of("connection", "plugin"),
          List.of("block"),
          List.of("feature", "observability", "config", "rollout"),
          List.of("retry", "timeout", "destination"),
          List.of("contract.json"),
          List.of("contract"));

  private HousePlan() {}
}
