/**
 * Puts the destinations of the worker into the hands of its operators (W3-5.3): settings, the
 * states that they force, {@code /actuator/destinations}, log lines and metrics. {@code
 * destination} decides; this room says what it is to decide by, and shows what it did.
 */
@NullMarked
package io.beamline.worker.destination.control;

import org.jspecify.annotations.NullMarked;
