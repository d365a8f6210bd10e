/**
 * The trace of an assignment: spans for its delivery, its attempts, the clients that they use, and
 * the publication of its answers (contract section 11). The only package that uses OpenTelemetry.
 * Without an endpoint to export to, nothing of it exists but {@link
 * io.beamline.worker.observability.tracing.Untraced}.
 */
@NullMarked
package io.beamline.worker.observability.tracing;

import org.jspecify.annotations.NullMarked;
