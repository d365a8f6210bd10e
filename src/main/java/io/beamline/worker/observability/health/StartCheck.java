package io.beamline.worker.observability.health;

import java.util.List;

/**
 * Something that the worker needs, and that {@code --check} looks at before a worker is started
 * (contract section 9). It changes nothing. Beans of this type are called one after the other, by
 * the thread of the command; they may block for some seconds.
 */
public interface StartCheck {

  /** Looks at it. Returns a finding for each part; never throws for what it finds. */
  List<StartFinding> look();

  /** What a finding means for the worker. */
  enum StartVerdict {
    /** It is as the worker needs it. */
    OK,
    /** The worker can start, and an operator should know. */
    WARNING,
    /** The worker, or some of its steps, could not work. */
    FAULT
  }

  /**
   * One line of {@code --check}.
   *
   * @param subject what was looked at, such as {@code consumer}
   * @param verdict what it means
   * @param text what was found, without secrets
   */
  record StartFinding(String subject, StartVerdict verdict, String text) {

    /** Returns a finding that is as it should be. */
    public static StartFinding ok(String subject, String text) {
      return new StartFinding(subject, StartVerdict.OK, text);
    }

    /** Returns the finding that something is missing, which the worker makes at its start. */
    public static StartFinding willBeMade(String subject, String name) {
      return ok(subject, name + " is missing, and the worker makes it");
    }

    /** Returns a finding that an operator should know. */
    public static StartFinding warning(String subject, String text) {
      return new StartFinding(subject, StartVerdict.WARNING, text);
    }

    /** Returns a finding that must be mended. */
    public static StartFinding fault(String subject, String text) {
      return new StartFinding(subject, StartVerdict.FAULT, text);
    }
  }
}
