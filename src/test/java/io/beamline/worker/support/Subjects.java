package io.beamline.worker.support;

/**
 * The subjects between Router and worker (contract section 1).
 *
 * @param assign assignments
 * @param ack acks
 * @param result results
 * @param heartbeat heartbeats
 * @param dlq dead letters
 */
public record Subjects(String assign, String ack, String result, String heartbeat, String dlq) {

  /** The contract's defaults. */
  public static final Subjects STANDARD =
      new Subjects(
          "caf.exec.assign.v1",
          "caf.exec.assign.v1.ack",
          "caf.exec.result.v1",
          "caf.worker.heartbeat.v1",
          "caf.exec.dlq.v1");
}
