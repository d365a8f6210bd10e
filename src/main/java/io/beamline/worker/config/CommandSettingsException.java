package io.beamline.worker.config;

/** Settings of a command are wrong; the message says which, and what they must be. */
public final class CommandSettingsException extends Exception {

  CommandSettingsException(String message) {
    super(message);
  }
}
