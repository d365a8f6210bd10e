/** Checks what the documents state against the repository and against running parts. */
@NullMarked
package io.beamline.worker.document;

import org.jspecify.annotations.NullMarked;
