/**
 * Reads and writes the messages of the contract as JSON. The bytes of a message come in, and an
 * assignment or its faults go out. In the other direction, acks, results, heartbeats and dead
 * letters come in, and their bytes go out. Blocks read the fields of a payload here.
 */
@NullMarked
package io.beamline.worker.contract.json;

import org.jspecify.annotations.NullMarked;
