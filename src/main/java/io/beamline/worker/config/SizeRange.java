package io.beamline.worker.config;

import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;
import org.springframework.util.unit.DataSize;

/** The range of a {@link DataSize} setting, both ends included. */
@Retention(RUNTIME)
@Target({FIELD, PARAMETER})
public @interface SizeRange {

  /** The smallest size, such as {@code 1MB}. */
  String min();

  /** The largest size, such as {@code 1GB}. */
  String max();
}
