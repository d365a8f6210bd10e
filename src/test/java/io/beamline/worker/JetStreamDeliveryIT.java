package io.beamline.worker;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.util.Map;

/** The scenarios over JetStream. */
class JetStreamDeliveryIT extends DeliveryScenarios {

  @Override
  WorkerProcess.Builder configure(WorkerProcess.Builder builder) {
    return builder;
  }

  @Override
  String assign(RouterStandIn router, Assignments assignment) {
    return router.assign(assignment);
  }

  @Override
  void publish(RouterStandIn router, byte[] message) {
    router.publish(message, Map.of()).join();
  }
}
