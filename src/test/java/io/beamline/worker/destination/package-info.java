@NullMarked
package io.beamline.worker.destination;

import org.jspecify.annotations.NullMarked;
