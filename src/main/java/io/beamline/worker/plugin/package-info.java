/**
 * Plug-ins: jars with blocks of an operator's own. {@code PluginInitializer} finds the jars when
 * the worker starts and puts them behind its class path. Then the rest of the package checks the
 * blocks in them, shows them in log and health, and names the jar when one stops the start.
 */
@NullMarked
package io.beamline.worker.plugin;

import org.jspecify.annotations.NullMarked;
