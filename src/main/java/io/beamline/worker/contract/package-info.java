/**
 * What Router and worker send each other (contract.md): the messages as records, their rules and
 * the error codes. Values that travel as they came, such as a payload, are {@code RawJson} and
 * {@code Utf8Text}. Everything here is immutable or pure, and knows neither Spring nor NATS.
 */
@NullMarked
package io.beamline.worker.contract;

import org.jspecify.annotations.NullMarked;
