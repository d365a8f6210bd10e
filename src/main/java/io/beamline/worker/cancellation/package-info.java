/**
 * Cancels assignments on request (contract section 5, cancellation). Requests come in from the
 * stream of the {@code cancel} subject, read by {@code CancelReader}. {@code Cancellations} keeps
 * them for an hour and ends the steps that they are for, through {@code execution}; the intake asks
 * it for each assignment that arrives. {@code AssignmentsEndpoint} shows operators what is under
 * way, and publishes their requests.
 */
@NullMarked
package io.beamline.worker.cancellation;

import org.jspecify.annotations.NullMarked;
