/** Whether and when a failed attempt is repeated, as pure policy. */
@NullMarked
package io.beamline.worker.retry;

import org.jspecify.annotations.NullMarked;
