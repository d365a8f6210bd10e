package io.beamline.worker.feature;

import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;
import org.togglz.core.annotation.FeatureGroup;
import org.togglz.core.annotation.Label;

/** Puts the flags of CP2 into one group in the console. */
@Retention(RUNTIME)
@Target(FIELD)
@FeatureGroup
@Label("Checkpoint 2")
@interface Checkpoint2 {}
