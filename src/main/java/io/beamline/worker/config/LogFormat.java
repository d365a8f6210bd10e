package io.beamline.worker.config;

/** How log lines are written (contract section 11). */
public enum LogFormat {
  /** As text where the output is a terminal, else as JSON. */
  AUTO,
  /** One JSON object per line, for machines. */
  JSON,
  /** Text, for people. */
  TEXT
}
