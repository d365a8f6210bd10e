/** The settings of the worker: validated, immutable records, one per area. */
@NullMarked
package io.beamline.worker.config;

import org.jspecify.annotations.NullMarked;
