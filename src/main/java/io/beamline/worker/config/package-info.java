/**
 * The settings of the worker (contract section 8). The environment and the configuration files come
 * in; validated, immutable records go out, one per area. An invalid setting stops the start with a
 * sentence that names it.
 */
@NullMarked
package io.beamline.worker.config;

import org.jspecify.annotations.NullMarked;
