package io.beamline.worker.intake;

import io.beamline.worker.timeout.Deadline;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A pause of the intake. Immutable.
 *
 * @param until when it ends by itself, as requested; null for never
 * @param end the same on the monotonic clock, so that no jump of the wall clock moves it
 * @param by the user who requested it
 */
record Pause(@Nullable Instant until, Deadline end, String by) {}
