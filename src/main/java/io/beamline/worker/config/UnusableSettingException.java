package io.beamline.worker.config;

/**
 * A setting that no range describes and that the part of the worker which uses it refuses. It stops
 * the start, with its message as the explanation (contract section 8).
 */
public final class UnusableSettingException extends IllegalArgumentException {

  /**
   * A refusal.
   *
   * @param property the setting's name, such as {@code nats.spring.server}
   * @param value its value; a password in it is for the caller to leave out
   * @param rule what it must be, to follow "must be"
   */
  public UnusableSettingException(String property, String value, String rule) {
    super(new SettingFault(property, value, rule).sentence());
  }
}
