package io.beamline.worker.plugin;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Explains a start that failed because of a plug-in: one sentence with its file name and the reason
 * (contract section 8). Wrong settings are explained before it, all else after it.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
final class PluginFailureAnalyzer extends AbstractFailureAnalyzer<Throwable> {

  @Override
  protected @Nullable FailureAnalysis analyze(Throwable rootFailure, Throwable cause) {
    PluginException known = findCause(rootFailure, PluginException.class);
    String sentence = known == null ? sentenceOf(rootFailure) : known.getMessage();
    return sentence == null
        ? null
        : new FailureAnalysis(sentence, "Mend or remove the plug-in and start again.", cause);
  }

  private static @Nullable String sentenceOf(Throwable failure) {
    if (!(Thread.currentThread().getContextClassLoader() instanceof PluginLoader loader)) {
      return null;
    }
    PluginJar culprit = StartFaults.culprit(failure, loader);
    return culprit == null
        ? null
        : PluginException.sentence(culprit.name(), StartFaults.describe(StartFaults.root(failure)));
  }
}
