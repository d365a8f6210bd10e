/**
 * Executes steps. {@code StepFactory} makes a {@code Step} of an assignment; the pools of {@code
 * queue} call {@code StepExecution} for each attempt. Between attempts a step waits in the {@code
 * WaitingRoom}. {@code StepEnd} ends it exactly once, at its outcome, its deadline or a drain, and
 * publishes the result through {@code result}. {@code StepState} has the states and their
 * transitions.
 */
@NullMarked
package io.beamline.worker.execution;

import org.jspecify.annotations.NullMarked;
