/**
 * Runs a block as the worker would, in a test without NATS: {@code BlockRun} makes the attempts of
 * one step, ends them at its deadline or when it is cancelled, and retries by the rules of advanced
 * retry. {@code StepReport} says how the step ended. It needs no library for tests: what a block
 * must never do is an {@code AssertionError}. It is in {@code beamline-worker-test.jar}, and not in
 * the worker.
 */
@NullMarked
package io.beamline.worker.kit;

import org.jspecify.annotations.NullMarked;
