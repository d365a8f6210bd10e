/**
 * The command line of the jar (contract section 9, command line): what {@code main} runs instead of
 * the worker. {@code CommandParser} reads the words, {@code WorkerCommands} runs the command. Text
 * for a terminal goes out, and an exit code.
 */
@NullMarked
package io.beamline.worker.command;

import org.jspecify.annotations.NullMarked;
