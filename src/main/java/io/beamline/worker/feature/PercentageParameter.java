package io.beamline.worker.feature;

import java.util.regex.Pattern;
import org.togglz.core.activation.Parameter;

/**
 * A percentage in the settings, the console and requests: 0 to 100, with up to nine decimal places,
 * with or without a percent sign.
 */
record PercentageParameter(String name) implements Parameter {

  private static final Pattern NUMBER = Pattern.compile("\\d{1,3}(\\.\\d{1,9})?");

  @Override
  public String getName() {
    return name;
  }

  @Override
  public String getLabel() {
    return "Percentage";
  }

  @Override
  public String getDescription() {
    return "From 0 to 100, also a fraction such as 0.5. Always the same assignments, on every worker"
        + " and for every flag; the queue flag is on for this share of the workers.";
  }

  @Override
  public boolean isOptional() {
    return false;
  }

  @Override
  public boolean isLargeText() {
    return false;
  }

  /** Returns a percentage without blanks and percent sign. */
  static String withoutSign(String value) {
    String text = value.strip();
    return text.endsWith("%") ? text.substring(0, text.length() - 1).strip() : text;
  }

  @Override
  public boolean isValid(String value) {
    String number = withoutSign(value);
    return NUMBER.matcher(number).matches() && Double.parseDouble(number) <= 100;
  }
}
