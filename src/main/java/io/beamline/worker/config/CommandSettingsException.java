package io.beamline.worker.config;

/** A command has invalid settings. The message names them and their rules. */
public final class CommandSettingsException extends Exception {

  CommandSettingsException(String message) {
    super(message);
  }
}
