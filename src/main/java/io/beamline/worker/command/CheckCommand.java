package io.beamline.worker.command;

import io.beamline.worker.config.UnknownSettings;
import io.beamline.worker.deadletter.Printable;
import io.beamline.worker.observability.health.StartCheck;
import io.beamline.worker.observability.health.StartCheck.StartFinding;
import io.beamline.worker.observability.health.StartCheck.StartVerdict;
import io.beamline.worker.observability.logging.UserInfo;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.LifecycleProcessor;
import org.springframework.context.support.AbstractApplicationContext;

/**
 * Checks what the worker would meet if it started here (contract section 9, command line). It makes
 * all beans, so that it finds whatever would stop a start, but starts none of them: no port is
 * opened, nothing is taken from NATS, and nothing is changed. Used by one thread.
 */
final class CheckCommand {

  private static final int OK = 0;
  private static final int FAULTY = 1;
  private static final String SETTINGS = "settings";

  private final Class<?> worker;
  private final PrintStream out;

  CheckCommand(Class<?> worker, PrintStream out) {
    this.worker = worker;
    this.out = out;
  }

  /**
   * Runs the checks.
   *
   * @param settings the arguments that are settings
   * @return the exit code: 0, or 1 if there is a fault
   */
  int run(List<String> settings) {
    List<StartFinding> findings = new ArrayList<>();
    silenceLog();
    try (ConfigurableApplicationContext context = prepared(settings, findings)) {
      if (findings.isEmpty()) {
        findings.add(StartFinding.ok(SETTINGS, "all are known and in their ranges"));
      }
      List<StartCheck> checks = context.getBeanProvider(StartCheck.class).orderedStream().toList();
      checks.forEach(check -> findings.addAll(look(check)));
    } catch (RuntimeException e) {
      FailedStart.of(e).forEach(fault -> findings.add(StartFinding.fault(SETTINGS, fault)));
    }
    findings.forEach(this::print);
    return findings.stream().anyMatch(each -> each.verdict() == StartVerdict.FAULT) ? FAULTY : OK;
  }

  /** A check that fails keeps no other from its work. */
  private static List<StartFinding> look(StartCheck check) {
    try {
      return check.look();
    } catch (RuntimeException e) {
      String name = check.getClass().getSimpleName();
      return List.of(StartFinding.fault(name, UserInfo.cut(String.valueOf(e))));
    }
  }

  /** Makes all beans; what nothing reads is a finding even if that fails. */
  private ConfigurableApplicationContext prepared(
      List<String> settings, List<StartFinding> findings) {
    FailedStart.collect();
    SpringApplication application = new SpringApplication(worker);
    application.setRegisterShutdownHook(false);
    application.addInitializers(
        context ->
            UnknownSettings.in(context.getEnvironment())
                .forEach(
                    unknown -> findings.add(StartFinding.warning(SETTINGS, unknown.sentence()))),
        context ->
            context
                .getBeanFactory()
                .registerSingleton(
                    AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME, new NothingStarts()));
    return application.run(settings.toArray(String[]::new));
  }

  private static void silenceLog() {
    LoggingSystem.get(CheckCommand.class.getClassLoader()).beforeInitialize();
    System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
  }

  private void print(StartFinding finding) {
    out.printf(
        "%-8s%s: %s%n",
        finding.verdict().name().toLowerCase(Locale.ROOT),
        Printable.line(finding.subject()),
        Printable.line(finding.text()));
  }

  /** Starts and stops no bean. */
  private static final class NothingStarts implements LifecycleProcessor {

    @Override
    public void onRefresh() {}

    @Override
    public void onClose() {}

    @Override
    public void start() {}

    @Override
    public void stop() {}

    @Override
    public boolean isRunning() {
      return false;
    }
  }
}
