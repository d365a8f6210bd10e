package io.beamline.worker.config;

/**
 * The user of a setting refuses its value for a reason that no range expresses. It stops the start,
 * and its message is shown as the explanation (contract section 8).
 */
public final class UnusableSettingException extends IllegalArgumentException {

  /**
   * Creates the exception.
   *
   * @param property the setting's name, such as {@code nats.spring.server}
   * @param value its value; the caller must remove a password
   * @param rule what it must be: the text after "must be"
   */
  public UnusableSettingException(String property, String value, String rule) {
    super(new SettingFault(property, value, rule).sentence());
  }
}
