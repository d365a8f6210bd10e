package io.beamline.worker.cancellation;

import io.beamline.worker.execution.StepView;
import io.beamline.worker.execution.StepView.StepStage;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which steps an operator wants to see, or what is wrong with the query. Immutable. */
sealed interface UnderwayFilter {

  /** The stages that a step can have. */
  Set<String> STAGES =
      Arrays.stream(StepStage.values())
          .map(StepStage::wireName)
          .collect(Collectors.toUnmodifiableSet());

  /** How many are shown if the query does not say. */
  int USUAL_LIMIT = 100;

  /** How many are shown at most. */
  int MAX_LIMIT = 1_000;

  /** A limit that may be in range. */
  Pattern NUMBER = Pattern.compile("[0-9]{1,4}");

  /**
   * What is wanted; a part that is null selects all.
   *
   * @param limit the most steps, 1 to {@link #MAX_LIMIT}
   */
  record Selection(
      int limit, @Nullable String tenantId, @Nullable String stepType, @Nullable String stage)
      implements UnderwayFilter {

    /** Returns whether a step is wanted. */
    boolean matches(StepView view) {
      return (tenantId == null || tenantId.equals(view.tenantId()))
          && (stepType == null || stepType.equals(view.stepType()))
          && (stage == null || stage.equals(view.stage().wireName()));
    }
  }

  /** The query is wrong, as the sentence says. */
  record Wrong(String sentence) implements UnderwayFilter {}

  /** Reads the parameters of a query, each null if it is absent. */
  static UnderwayFilter of(
      @Nullable String limit,
      @Nullable String tenantId,
      @Nullable String stepType,
      @Nullable String stage) {
    int most = limit == null ? USUAL_LIMIT : number(limit);
    if (most < 1 || most > MAX_LIMIT) {
      return new Wrong("limit must be a whole number from 1 to " + MAX_LIMIT);
    }
    if (stage != null && !STAGES.contains(stage)) {
      return new Wrong("stage must be queued, waiting, running or stuck");
    }
    return new Selection(most, tenantId, stepType, stage);
  }

  private static int number(String text) {
    return NUMBER.matcher(text).matches() ? Integer.parseInt(text) : 0;
  }
}
