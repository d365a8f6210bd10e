/** Takes assignments from NATS, judges them and hands them to the queue. */
@NullMarked
package io.beamline.worker.intake;

import org.jspecify.annotations.NullMarked;
