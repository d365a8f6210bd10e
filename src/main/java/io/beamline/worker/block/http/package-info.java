/** The HTTP request block. */
@NullMarked
package io.beamline.worker.block.http;

import org.jspecify.annotations.NullMarked;
