package io.beamline.worker.queue;

import org.springframework.context.SmartLifecycle;

/** One step of the worker's end (contract section 6, drain); nothing is to be done at its start. */
abstract class DrainPhase implements SmartLifecycle {

  private final int phase;
  private volatile boolean running;

  /**
   * A phase.
   *
   * @param phase its place in the order of {@link io.beamline.worker.config.Phases}
   */
  DrainPhase(int phase) {
    this.phase = phase;
  }

  /** Does what this phase is for. */
  abstract void drain();

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    drain();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return phase;
  }
}
