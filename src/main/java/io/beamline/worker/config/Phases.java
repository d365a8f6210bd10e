package io.beamline.worker.config;

/**
 * The start order of the lifecycle beans; they stop in reverse (contract section 6, drain). The
 * intake stops first, the connection last. All stop before the web servers, so that the probes can
 * be read while the worker drains.
 */
public final class Phases {

  /** The last line of the log: it stops after all others. */
  public static final int END = Integer.MAX_VALUE - 700;

  /** The connection to NATS. */
  public static final int CONNECTION = Integer.MAX_VALUE - 600;

  /** Publishing answers. */
  public static final int RESULT = Integer.MAX_VALUE - 500;

  /** Receiving requests to cancel. It goes on while steps finish in a drain. */
  public static final int CANCELLATION = Integer.MAX_VALUE - 450;

  /** Running steps. */
  public static final int EXECUTION = Integer.MAX_VALUE - 400;

  /** Waiting steps. */
  public static final int QUEUE = Integer.MAX_VALUE - 300;

  /** Taking assignments. */
  public static final int INTAKE = Integer.MAX_VALUE - 200;

  private Phases() {}
}
