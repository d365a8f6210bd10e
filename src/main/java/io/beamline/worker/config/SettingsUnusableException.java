package io.beamline.worker.config;

/** Settings of a command are wrong; the message says which, and what they must be. */
public final class SettingsUnusableException extends Exception {

  SettingsUnusableException(String message) {
    super(message);
  }
}
