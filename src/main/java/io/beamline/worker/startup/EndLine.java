package io.beamline.worker.startup;

import io.beamline.worker.config.Phases;
import io.beamline.worker.result.Answers;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Logs at the end what became of the assignments that the worker had in the drain. It stops after
 * everything that could still change that. Used by the thread that ends the worker.
 */
final class EndLine implements SmartLifecycle, ApplicationListener<ContextClosedEvent> {

  private static final Logger log = LoggerFactory.getLogger(EndLine.class);
  private static final double MILLIS = 1_000;

  private final Answers answers;
  private final TimeSource time;
  private volatile boolean running;
  private volatile long beganNanos;
  private volatile long settledBefore;
  private volatile int handedBackBefore;

  EndLine(Answers answers, TimeSource time) {
    this.answers = answers;
    this.time = time;
  }

  /** The drain begins: nothing has stopped yet. */
  @Override
  public void onApplicationEvent(ContextClosedEvent event) {
    beganNanos = time.nanos();
    settledBefore = answers.settled();
    handedBackBefore = answers.handedBack();
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    int unpublished = answers.unfinished();
    int handedBack = answers.handedBack() - handedBackBefore;
    long published = answers.settled() - settledBefore;
    log.atInfo()
        .addKeyValue("finished", published + unpublished)
        .addKeyValue("handed_back", handedBack)
        .addKeyValue("published", published)
        .addKeyValue("seconds", Duration.ofNanos(time.nanos() - beganNanos).toMillis() / MILLIS)
        .log("Worker ended");
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return Phases.END;
  }
}
