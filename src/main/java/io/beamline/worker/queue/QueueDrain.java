package io.beamline.worker.queue;

import io.beamline.worker.config.Phases;
import io.beamline.worker.execution.Drain;

/** At shutdown, hands back the steps that wait for a slot at once (contract section 6). */
final class QueueDrain extends DrainPhase {

  private final StepPools pools;
  private final Drain drain;

  QueueDrain(StepPools pools, Drain drain) {
    super(Phases.QUEUE);
    this.pools = pools;
    this.drain = drain;
  }

  @Override
  void drain() {
    drain.begin();
    pools.handBackWaiting();
  }
}
