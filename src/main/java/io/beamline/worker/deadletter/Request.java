package io.beamline.worker.deadletter;

import java.util.List;

/**
 * A command line that was understood.
 *
 * @param command what is to be done
 * @param settings arguments that are settings of the worker, such as {@code --worker.id=w}
 */
record Request(Command command, List<String> settings) {}
