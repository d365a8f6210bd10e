package io.beamline.worker.queue;

import org.springframework.context.SmartLifecycle;

/** One phase of the worker's shutdown (contract section 6, drain). Its start does nothing. */
abstract class DrainPhase implements SmartLifecycle {

  private final int phase;
  private volatile boolean running;

  /**
   * Creates a phase.
   *
   * @param phase a constant of {@link io.beamline.worker.config.Phases}, which define the order
   */
  DrainPhase(int phase) {
    this.phase = phase;
  }

  /** Does the work of this phase. */
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
