@NullMarked
package io.beamline.worker.destination.control;

import org.jspecify.annotations.NullMarked;
