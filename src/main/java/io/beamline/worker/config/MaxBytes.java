package io.beamline.worker.config;

import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/** The maximum length of a text in UTF-8. */
@Retention(RUNTIME)
@Target({FIELD, PARAMETER})
public @interface MaxBytes {

  /** The maximum number of bytes, inclusive. */
  int value();
}
