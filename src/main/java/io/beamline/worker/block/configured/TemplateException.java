package io.beamline.worker.block.configured;

/** An input of a configured type that cannot be used. */
final class TemplateException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String rule;

  /**
   * Creates the exception.
   *
   * @param rule what the input must be
   */
  TemplateException(String rule) {
    super(rule, null, false, false);
    this.rule = rule;
  }

  String rule() {
    return rule;
  }
}
