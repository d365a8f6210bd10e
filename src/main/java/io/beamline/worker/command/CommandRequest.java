package io.beamline.worker.command;

import java.util.List;

/**
 * A parsed command line. Immutable.
 *
 * @param settings the arguments that are settings of the worker, such as {@code --worker.id=w}
 */
record CommandRequest(Command command, List<String> settings) {}
