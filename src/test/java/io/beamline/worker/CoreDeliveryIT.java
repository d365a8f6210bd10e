package io.beamline.worker;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.Subjects;
import io.beamline.worker.support.WorkerProcess;

/** The scenarios over core NATS. */
class CoreDeliveryIT extends DeliveryScenarios {

  @Override
  WorkerProcess.Builder configure(WorkerProcess.Builder builder) {
    return builder.env("WORKER_NATS_DELIVERY", "core");
  }

  @Override
  String assign(RouterStandIn router, Assignments assignment) {
    return router.assignCore(assignment);
  }

  @Override
  void publish(RouterStandIn router, byte[] message) {
    router.connection().publish(Subjects.STANDARD.assign(), message);
  }
}
