/**
 * What tests and the demo need: a NATS server, a stand-in Router with its oracle, the built jar.
 */
@NullMarked
package io.beamline.worker.support;

import org.jspecify.annotations.NullMarked;
