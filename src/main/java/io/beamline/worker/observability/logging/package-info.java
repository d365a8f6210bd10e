/**
 * Log lines (contract section 11): their JSON format, which hides secrets, the thinning of storms,
 * and the periodic tasks that log their failures.
 */
@NullMarked
package io.beamline.worker.observability.logging;

import org.jspecify.annotations.NullMarked;
