package io.beamline.worker.command;

import io.beamline.worker.observability.logging.UserInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;

/**
 * Collects why a start failed, in the sentences that the analyzers of Spring Boot and of the worker
 * find. Spring Boot makes an instance of this class for each failed start, on its thread.
 */
final class FailedStart implements FailureAnalysisReporter {

  /** The sentences of the start that this thread makes; null unless they are collected. */
  private static final ThreadLocal<@Nullable List<String>> COLLECTED = new ThreadLocal<>();

  /** Begins to collect on this thread. */
  static void collect() {
    COLLECTED.set(new ArrayList<>());
  }

  /** Returns why the last start of this thread failed: a sentence for each fault. */
  static List<String> of(RuntimeException failure) {
    List<String> found = COLLECTED.get();
    return found == null || found.isEmpty()
        ? List.of(UserInfo.cut(String.valueOf(failure.getMessage())))
        : found;
  }

  @Override
  public void report(FailureAnalysis analysis) {
    List<String> found = COLLECTED.get();
    if (found != null) {
      String description = analysis.getDescription();
      if (description != null) {
        description.lines().filter(line -> !line.isBlank()).map(UserInfo::cut).forEach(found::add);
      }
    }
  }
}
