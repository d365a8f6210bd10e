/** The states of the flags that the fleet shares, in a key-value bucket of JetStream. */
@NullMarked
package io.beamline.worker.flagstore;

import org.jspecify.annotations.NullMarked;
