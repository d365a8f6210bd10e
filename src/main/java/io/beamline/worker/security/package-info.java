/**
 * Access to the two HTTP ports (contract section 9). Requests come in; each is served, asked for a
 * login, or refused with a short JSON body. The package also limits connections and login attempts,
 * so that no client can block the probes.
 */
@NullMarked
package io.beamline.worker.security;

import org.jspecify.annotations.NullMarked;
