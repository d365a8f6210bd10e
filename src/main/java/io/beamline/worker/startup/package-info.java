/**
 * What the worker says when it has started and when it has ended (contract section 11), for whoever
 * reads its log first or last.
 */
@NullMarked
package io.beamline.worker.startup;

import org.jspecify.annotations.NullMarked;
