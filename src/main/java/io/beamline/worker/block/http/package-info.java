/**
 * The {@code http.request} block. A {@code BlockCall} comes in and is read into a validated {@code
 * HttpRequest}. The {@code HttpTransport} connects only to addresses that the {@code
 * DestinationRules} permit. The calling thread enforces the limits of each phase. The response
 * becomes the outputs, or a failure with a code of contract section 3.
 */
@NullMarked
package io.beamline.worker.block.http;

import org.jspecify.annotations.NullMarked;
