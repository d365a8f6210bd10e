package io.beamline.worker.config;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Explains a start that failed because of invalid settings: one sentence for each, with its name,
 * value and range (contract section 8). It checks the settings after every failed start, because an
 * invalid one can fail elsewhere: an invalid port, for example, fails in the web server. If all
 * settings are valid, Spring Boot's analyzers explain the failure.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SettingsFailureAnalyzer extends AbstractFailureAnalyzer<Throwable> {

  private final Environment environment;

  /** Used by Spring Boot. */
  SettingsFailureAnalyzer(Environment environment) {
    this.environment = environment;
  }

  @Override
  protected @Nullable FailureAnalysis analyze(Throwable rootFailure, Throwable cause) {
    Stream<String> found = SettingsCheck.faults(environment).stream().map(SettingFault::sentence);
    Stream<String> refused =
        Optional.ofNullable(findCause(rootFailure, UnusableSettingException.class)).stream()
            .map(Throwable::getMessage);
    Stream<String> bundles = BundleCheck.faults(environment).stream();
    String sentences =
        Stream.of(found, refused, bundles, inUse(rootFailure))
            .flatMap(sentence -> sentence)
            .distinct()
            .collect(Collectors.joining("\n"));
    return sentences.isEmpty()
        ? null
        : new FailureAnalysis(sentences, "Correct the settings and start again.", cause);
  }

  private Stream<String> inUse(Throwable failure) {
    return Optional.ofNullable(findCause(failure, PortInUseException.class)).stream()
        .map(taken -> String.valueOf(taken.getPort()))
        .map(port -> new SettingFault(propertyOf(port), port, "a port that nothing else uses"))
        .map(SettingFault::sentence);
  }

  private String propertyOf(String port) {
    String management = "management.server.port";
    return port.equals(environment.getProperty(management)) ? management : "server.port";
  }
}
