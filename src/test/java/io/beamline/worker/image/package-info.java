/** The container image, built and run as its Dockerfile says, without an engine. */
@NullMarked
package io.beamline.worker.image;

import org.jspecify.annotations.NullMarked;
