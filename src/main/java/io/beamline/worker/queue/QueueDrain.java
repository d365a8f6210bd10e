package io.beamline.worker.queue;

import io.beamline.worker.config.Phases;
import io.beamline.worker.execution.Drain;
import org.springframework.context.SmartLifecycle;

/** At the worker's end, gives up at once the steps that wait for a slot (contract section 6). */
final class QueueDrain implements SmartLifecycle {

  private final StepPools pools;
  private final Drain drain;
  private volatile boolean running;

  QueueDrain(StepPools pools, Drain drain) {
    this.pools = pools;
    this.drain = drain;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    drain.begin();
    pools.giveUpWaiting();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return Phases.QUEUE;
  }
}
