/** What surrounds the worker in the demo: a Router that assigns steps, a site that they call. */
@NullMarked
package io.beamline.worker.demo;

import org.jspecify.annotations.NullMarked;
