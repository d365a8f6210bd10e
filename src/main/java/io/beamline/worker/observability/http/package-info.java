/**
 * What the worker's own HTTP endpoints have in common. A status and a sentence come in; the body of
 * a response goes out.
 */
@NullMarked
package io.beamline.worker.observability.http;

import org.jspecify.annotations.NullMarked;
