/** Who may see and change what over HTTP. */
@NullMarked
package io.beamline.worker.security;

import org.jspecify.annotations.NullMarked;
